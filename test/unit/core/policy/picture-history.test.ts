import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PictureHistory } from '#core/policy/picture-history.ts'

const tickUs = 33_333
const rule = { periodUs: tickUs, gapUs: 300_000 }

function historyOf(times: readonly number[], uncertaintyUs = 0): PictureHistory<string> {
  const history = new PictureHistory<string>(2_000_000)
  for (const captureUs of times) history.add({ captureUs, uncertaintyUs, picture: `at ${captureUs}` })
  return history
}

const ticks = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => (from + i) * tickUs)

describe('the pictures of a camera', () => {
  it('show what was seen when the arm was read, never later', () => {
    const history = historyOf(ticks(30))
    expect(history.at(10 * tickUs)?.captureUs).toBe(10 * tickUs)
    expect(history.at(10 * tickUs - 1)?.captureUs).toBe(9 * tickUs)
    expect(history.at(-1)).toBeNull()
  })

  it('count a picture that may have been taken before, as far as clocks agree', () => {
    expect(historyOf(ticks(30), 500).at(10 * tickUs - 400)?.captureUs).toBe(10 * tickUs)
  })

  it('have a past fifteen ticks earlier, or the oldest while there are fewer', () => {
    const history = historyOf(ticks(40))
    for (const [now, past] of [
      [39, 24],
      [15, 0],
      [10, 0],
      [0, 0],
    ] as const) {
      const present = history.at(now * tickUs)
      expect(present).not.toBeNull()
      if (present !== null) expect(history.before(present, 15 * tickUs, rule).captureUs).toBe(past * tickUs)
    }
  })

  it('find the same past when only every third tick has a picture', () => {
    const history = historyOf(ticks(40).filter((_, tick) => tick % 3 === 0))
    const present = history.at(39 * tickUs)
    expect(present && history.before(present, 15 * tickUs, rule).captureUs).toBe(24 * tickUs)
  })

  it('take the nearest tick when capture times jitter', () => {
    const history = historyOf(ticks(40).map((us, i) => us + (i % 2 === 0 ? 4000 : -4000)))
    const present = history.newest
    expect(present && Math.round(history.before(present, 15 * tickUs, rule).captureUs / tickUs)).toBe(24)
  })

  it('have no past across a gap in the stream', () => {
    const history = historyOf([...ticks(20), ...ticks(5, 60)])
    const present = history.newest
    expect(present && history.before(present, 15 * tickUs, rule).captureUs).toBe(60 * tickUs)
  })

  it('forget what is too old, and refuse what is not newer', () => {
    const history = historyOf(ticks(200))
    expect((history.newest?.captureUs ?? 0) - (history.all[0]?.captureUs ?? 0)).toBeLessThanOrEqual(2_000_000)
    expect(history.add({ captureUs: tickUs, uncertaintyUs: 0, picture: 'late' })).toBe(false)
    expect(history.nearest(199.4 * tickUs)?.captureUs).toBe(199 * tickUs)
  })

  it('whatever arrives, the past is never later than the present and one of the pictures', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (times, backUs) => {
          const history = historyOf(times)
          const present = history.newest
          if (present === null) return false
          const past = history.before(present, backUs, rule)
          return past.captureUs <= present.captureUs && history.all.includes(past)
        },
      ),
    )
  })
})
