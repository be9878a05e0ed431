import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { defaultExecutorSettings, executorModes, type ExecutorMode } from '#core/control/executor-settings.ts'
import { ok } from '#core/result.ts'
import { bench, codeOf, ramp, started, stepUs, tickUs, type Bench } from './chunk-script.ts'

const inMode = (b: Bench, mode: ExecutorMode, changes = {}): Bench => {
  b.executor.configure({ ...defaultExecutorSettings, mode, ...changes })
  return b
}

const guided = (b: Bench, steps: readonly JointVector[], chunkId = 1): void => {
  const origin = { policyId: 'p', chunkId, seed: 7, isGuided: true, stagesMs: { infer: 12 } }
  b.requester.reply(b.requester.last.id, ok({ stepUs, steps, origin }))
}

describe('one chunk after another (sync)', () => {
  it('holds at the end of a chunk until the next has come, and begins that at its first row', () => {
    const b = inMode(started(ramp([0, 0], 0.01, 11)), 'sync')
    b.run(400)
    const end = b.commanded[0] ?? 0
    expect(end).toBeCloseTo(0.1, 5)
    expect(b.requester.requests).toHaveLength(2)
    b.run(500)
    expect(b.commanded[0]).toBe(end)
    b.requester.answer(ramp([0.1, 0.1], 0.01, 11))
    b.run(200)
    expect(b.commanded[0]).toBeCloseTo(0.1 + 0.01 * (200_000 / stepUs), 2)
  })

  it('asks for nothing while rows are left, and executes as many as it is told', () => {
    const b = inMode(started(ramp([0, 0], 0.01)), 'sync', { syncRows: 6 })
    b.run(190)
    expect(b.requester.requests).toHaveLength(1)
    b.run(300)
    expect(b.commanded[0]).toBeCloseTo(0.06, 5)
    expect(b.requester.requests).toHaveLength(2)
  })

  it('gives up waiting after a while: the arm holds and a person decides', () => {
    const b = inMode(started(ramp([0, 0], 0.01, 4)), 'sync')
    b.run(1500)
    expect(codeOf(b.tick())).toBe('ok')
    b.run(1000)
    expect(codeOf(b.tick())).toBe('policy/used-up')
  })
})

describe('averaging (ensemble)', () => {
  it('gives the mean of all chunks that cover the moment, the oldest first', () => {
    const b = inMode(started(ramp([0, 0], 0)), 'ensemble', { ensembleDecay: Math.log(2) })
    b.run(60)
    b.requester.answer(ramp([0.3, 0.3], 0))
    b.run(300)
    // Weights 1 and ½.
    expect(b.commanded[0]).toBeCloseTo(0.3 / 3, 5)
  })

  it('asks for the next chunk as soon as the last has come', () => {
    const b = inMode(started(ramp([0, 0], 0)), 'ensemble')
    for (let answers = 0; answers < 5; answers++) {
      b.run(60)
      b.requester.answer(ramp([0, 0], 0))
    }
    b.run(60)
    expect(b.requester.requests.length).toBeGreaterThanOrEqual(6)
  })

  it('lets an old chunk end without a step', () => {
    const b = inMode(started(ramp([0, 0], 0, 10)), 'ensemble')
    b.run(100)
    b.requester.answer(ramp([0.2, 0.2], 0, 50))
    let before = b.commanded[0] ?? 0
    b.run(800, () => {
      expect(Math.abs((b.commanded[0] ?? 0) - before)).toBeLessThan(0.01)
      before = b.commanded[0] ?? 0
    })
    expect(before).toBeCloseTo(0.2, 5)
  })
})

describe('real-time chunking (rtc)', () => {
  it('tells the policy what is left of the running chunk, on its own step grid, from the observation on', () => {
    const b = inMode(started(ramp([0, 0], 0.01)), 'rtc')
    b.run(60)
    b.requester.answer(ramp([0.02, 0.02], 0.01))
    b.run(900)
    const { leftOver } = b.requester.last
    const at = b.commanded[0] ?? 0
    expect(leftOver?.steps.length).toBeGreaterThan(10)
    const asked = b.requester.last.timeUs
    const since = (b.nowUs - asked) / stepUs
    expect(leftOver?.steps[0]?.[0]).toBeCloseTo(at - 0.01 * since, 2)
    const [first = [], second = []] = leftOver?.steps ?? []
    expect((second[0] ?? 0) - (first[0] ?? 0)).toBeCloseTo(0.01, 4)
  })

  it('guides by the delay that most answers stay below, and no further than the horizon', () => {
    const b = inMode(started(ramp([0, 0], 0.01)), 'rtc', { rtcHorizonRows: 8, rtcSchedule: 'exp' })
    for (let round = 0; round < 6; round++) {
      b.run(60)
      b.run(200)
      guided(b, ramp(b.commanded, 0.01))
      b.run(900)
    }
    expect(b.requester.last.leftOver).toMatchObject({ horizonRows: 8, schedule: 'exp' })
    const delay = b.requester.last.leftOver?.delayRows ?? 0
    expect(delay).toBeGreaterThanOrEqual(1)
    expect(b.executor.stats().guidedShare).toBeGreaterThan(0.5)
    expect(b.executor.stats().stagesMs).toEqual({ infer: 12 })
  })

  it('asks without guidance before the arm is given, and in other modes', () => {
    const b = bench()
    b.tick()
    expect(b.requester.last.leftOver).toBeNull()
    const other = inMode(started(ramp([0, 0], 0.01)), 'async')
    other.run(1200)
    expect(other.requester.last.leftOver).toBeNull()
  })

  it('drops the rows that were really executed, however long the answer took', () => {
    const b = inMode(started(ramp([0, 0], 0.01)), 'rtc')
    b.run(20)
    const askedAt = b.commanded[0] ?? 0
    b.run(400)
    // The chunk that would have gone on exactly: joining it must not move the arm.
    guided(b, ramp([askedAt, askedAt], 0.01))
    const before = b.commanded[0] ?? 0
    b.tick()
    expect(Math.abs((b.commanded[0] ?? 0) - before)).toBeLessThan(0.005)
    expect(b.executor.stats().lastJump).toBeLessThan(0.02)
  })
})

describe('any executor', () => {
  const pose = fc.tuple(
    fc.double({ min: -1.9, max: 1.9, noNaN: true }),
    fc.double({ min: -1.9, max: 1.9, noNaN: true }),
  )
  const chunkOf = fc.array(pose, { minLength: 2, maxLength: 20 })
  const event = fc.record({
    ms: fc.integer({ min: 5, max: 400 }),
    answer: fc.option(chunkOf, { nil: null }),
    mode: fc.option(fc.constantFrom(...executorModes), { nil: null }),
  })

  it('never leaves what it was given and the bridges between, whatever arrives when and however it is switched', () => {
    fc.assert(
      fc.property(chunkOf, fc.array(event, { maxLength: 12 }), (first, events) => {
        const b = started(first)
        let [lowest, highest] = [0, 0]
        const note = (steps: readonly JointVector[]): void => {
          lowest = Math.min(lowest, ...steps.flat())
          highest = Math.max(highest, ...steps.flat())
        }
        note(first)
        for (const { ms, answer, mode } of events) {
          if (mode !== null) inMode(b, mode)
          b.run(ms, (result) => {
            if (!result.ok) return
            for (const value of result.value) {
              expect(Number.isFinite(value)).toBe(true)
              // The bridge of a join carries the old velocity a little way.
              expect(value).toBeGreaterThan(lowest - 8)
              expect(value).toBeLessThan(highest + 8)
            }
          })
          if (answer === null) continue
          note(answer)
          b.requester.answer(answer)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is switched without a step', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...executorModes), { minLength: 1, maxLength: 6 }), (modes) => {
        const b = started(ramp([0, 0], 0.004))
        b.run(60)
        b.requester.answer(ramp([0.05, 0.05], 0.004))
        b.run(100)
        for (const mode of modes) {
          const before = b.commanded[0] ?? 0
          inMode(b, mode)
          b.tick()
          expect(Math.abs((b.commanded[0] ?? 0) - before)).toBeLessThan(0.01)
          b.run(40)
        }
      }),
    )
  })

  it.each(executorModes)(
    'in %s counts only time that was executed: a stall of the loop skips nothing',
    (mode) => {
      const b = inMode(started(ramp([0, 0], 0.01)), mode)
      b.run(100)
      const before = b.commanded[0] ?? 0
      b.nowUs += 700_000
      b.tick()
      expect((b.commanded[0] ?? 0) - before).toBeLessThan(0.01 * (20_000 / stepUs) + 0.004)
    },
  )

  it.each(executorModes)('in %s holds when a chunk is not finite', (mode) => {
    const b = inMode(started(ramp([0, 0], 0.001, 8)), mode)
    b.run(400)
    b.requester.answer([
      [0, Number.NaN],
      [0, 0],
    ])
    const results = new Set<string>()
    b.run(50, (result) => results.add(codeOf(result)))
    expect([...results].at(-1)).toMatch(/policy\/(?:not-finite|used-up)/u)
    expect(b.commanded.every(Number.isFinite)).toBe(true)
  })

  it('shows what is ahead: due times rise, and the first row is not in the past', () => {
    const b = inMode(started(ramp([0, 0], 0.01)), 'async')
    b.run(300)
    const plan = b.executor.plan()
    expect(plan?.length).toBe(50)
    expect(plan?.timesUs[0]).toBeGreaterThanOrEqual(b.nowUs - tickUs)
    expect(plan?.timesUs).toEqual([...(plan?.timesUs ?? [])].toSorted((x, y) => x - y))
    expect(plan?.steps.at(-1)?.[0]).toBeCloseTo(0.49, 5)
  })

  it('shows what it would do before the arm is given', () => {
    const b = bench()
    b.tick()
    b.requester.answer(ramp([0, 0], 0.01, 10))
    b.tick()
    expect(b.executor.plan()).toMatchObject({ length: 10 })
  })

  it('measures how far the arm is from what is wanted', () => {
    const b = started(ramp([0, 0], 0.01))
    for (let tick = 0; tick < 100; tick++) {
      b.nowUs += tickUs
      const lagging = b.commanded.map((value) => value - 0.05)
      b.executor.observe(b.nowUs, lagging, b.commanded)
      const result = b.executor.sample(b.nowUs)
      if (result.ok) b.commanded = result.value
    }
    expect(b.executor.stats().trackingRad).toBeGreaterThan(0.04)
    expect(b.executor.stats().trackingRad).toBeLessThan(0.07)
  })
})

describe('a policy that takes three seconds a chunk', () => {
  const slow = (mode: ExecutorMode): Bench => {
    const b = inMode(bench(), mode)
    for (let answers = 0; answers < 3; answers++) {
      b.run(3000)
      b.requester.answer(ramp([0, 0], 0.01))
    }
    b.run(2900)
    return b
  }

  it.each(['async', 'rtc', 'ensemble'] as const)(
    'is not given the arm in mode %s, and the reason is its slowness: its chunks last 1.6 s',
    (mode) => {
      const [fault] = slow(mode).executor.blockers([0, 0])
      expect(fault).toMatchObject({
        code: 'policy/too-slow',
        data: { delayS: expect.closeTo(3, 1) as number },
      })
      expect(fault?.data?.['chunkS']).toBeCloseTo(49 / 30, 3)
    },
  )

  it('drives one chunk after another: its request is not given up, and the arm waits for it', () => {
    const b = slow('sync')
    expect(b.executor.blockers([0, 0])).toEqual([])
    b.executor.start(b.nowUs, b.commanded)
    for (let chunks = 0; chunks < 3; chunks++) {
      b.run(4700)
      expect(codeOf(b.tick())).toBe('ok')
      b.requester.answer(ramp(b.commanded, 0.001))
    }
    expect(b.executor.stats()).toMatchObject({ timeouts: 0, outOfOrder: 0 })
  })

  it('that never answers again is given up after a while all the same', () => {
    const b = slow('sync')
    b.executor.start(b.nowUs, b.commanded)
    b.run(1700 + 12_500)
    expect(codeOf(b.tick())).toBe('policy/used-up')
  })

  it('and was quick before is waited for longer after each request that was given up', () => {
    const b = started(ramp([0, 0], 0))
    b.run(60)
    b.requester.answer(ramp([0, 0], 0))
    b.tick()
    b.executor.stop()
    b.run(2600)
    expect(b.executor.stats()).toMatchObject({ timeouts: 1 })
    b.run(2500)
    const { id } = b.requester.last
    b.run(2000)
    expect(b.requester.last.id).toBe(id)
    b.requester.answer(ramp([0, 0], 0))
    b.tick()
    expect(b.executor.stats()).toMatchObject({ timeouts: 1, outOfOrder: 0 })
  })
})
