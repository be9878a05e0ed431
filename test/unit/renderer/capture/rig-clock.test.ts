import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RigClock } from '#renderer/capture/rig-clock.ts'

const offsetUs = 5_000_000_000

describe('RigClock', () => {
  let nowUs = 0
  beforeEach(() => {
    nowUs = 1000
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())

  /** A host that answers after `thereUs`, the answer arriving `backUs` later. */
  const ping = (thereUs: number, backUs: number) => async () => {
    nowUs += thereUs
    const rigUs = nowUs + offsetUs
    nowUs += backUs
    return rigUs
  }

  it('gives no time before the first answer', () => {
    using clock = new RigClock(() => nowUs)
    expect(clock.now()).toBeNull()
  })

  it('holds the rig’s true time within its bound, however lopsided the way is', async () => {
    using clock = new RigClock(() => nowUs)
    clock.start(ping(100, 3000))
    await vi.advanceTimersByTimeAsync(1)
    const time = clock.now()
    expect(time).not.toBeNull()
    expect(Math.abs((time?.us ?? 0) - (nowUs + offsetUs))).toBeLessThanOrEqual(time?.uncertaintyUs ?? 0)
    expect(time?.uncertaintyUs).toBeGreaterThan(1500)
  })

  it('asks again and narrows its bound', async () => {
    using clock = new RigClock(() => nowUs)
    let asked = 0
    clock.start(async () => {
      asked += 1
      return ping(asked === 3 ? 50 : 4000, asked === 3 ? 50 : 4000)()
    })
    await vi.advanceTimersByTimeAsync(2000)
    expect(asked).toBeGreaterThan(5)
    expect(clock.now()?.uncertaintyUs).toBeLessThan(500)
  })

  it('survives a host that does not answer', async () => {
    using clock = new RigClock(() => nowUs)
    let asked = 0
    clock.start(async () => {
      asked += 1
      if (asked === 1) throw new Error('away')
      return ping(100, 100)()
    })
    await vi.advanceTimersByTimeAsync(200)
    expect(clock.now()).not.toBeNull()
  })

  it('stops asking when stopped', async () => {
    const clock = new RigClock(() => nowUs)
    let asked = 0
    clock.start(async () => {
      asked += 1
      return 0
    })
    await vi.advanceTimersByTimeAsync(10)
    clock.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toBe(1)
  })
})
