import { describe, expect, it } from 'vitest'
import { bench, codeOf, ramp, started, stepUs, tickUs } from './chunk-script.ts'

describe('before the arm is given', () => {
  it('asks for a chunk now and then, so that the policy is ready', () => {
    const b = bench()
    b.run(100)
    expect(b.requester.requests).toHaveLength(1)
    b.requester.answer(ramp([0, 0], 0))
    b.run(1000)
    expect(b.requester.requests).toHaveLength(2)
  })

  it('is blocked until a first chunk has arrived, and again when that has grown old', () => {
    const b = bench()
    b.tick()
    expect(b.executor.blockers([0, 0])).toMatchObject([{ code: 'policy/not-ready' }])
    b.requester.answer(ramp([0, 0], 0))
    b.tick()
    expect(b.executor.blockers([0, 0])).toEqual([])
    b.run(2100)
    expect(b.executor.blockers([0, 0])).toMatchObject([{ code: 'policy/not-ready' }])
  })

  it('is blocked when the first chunk begins far from the present pose, naming the joint', () => {
    const b = bench()
    b.tick()
    b.requester.answer(ramp([0, 0.5], 0))
    b.tick()
    expect(b.executor.blockers([0, 0])).toMatchObject([
      { code: 'policy/first-action-far', data: { joint: 'b', gapRad: 0.5, limitRad: 0.25 } },
    ])
    expect(b.executor.blockers([0, 0.4])).toEqual([])
  })

  it('passes on why no chunk can be had', () => {
    const b = bench()
    b.requester.fault = { code: 'policy/contract-mismatch', message: 'no' }
    b.run(1000)
    expect(b.executor.blockers([0, 0])).toMatchObject([{ code: 'policy/contract-mismatch' }])
    expect(b.requester.requests).toHaveLength(0)
  })

  it('is blocked by a chunk that is not finite, until a good one arrives', () => {
    const b = bench()
    b.tick()
    b.requester.answer([
      [0, Number.NaN],
      [0, 0],
    ])
    b.tick()
    expect(b.executor.blockers([0, 0])).toMatchObject([{ code: 'policy/not-finite' }])
    b.run(500)
    b.requester.answer(ramp([0, 0], 0))
    b.tick()
    expect(b.executor.blockers([0, 0])).toEqual([])
  })

  it('gives no pose', () => {
    expect(codeOf(bench().tick())).toBe('policy/not-ready')
  })

  it('fails, and invents nothing, when the arm is given without a chunk', () => {
    const b = bench()
    b.executor.start(b.nowUs, [0, 0])
    expect(codeOf(b.tick())).toBe('policy/not-ready')
  })
})

describe('while the policy drives', () => {
  it('begins at the commanded pose and at step 0, however old the first chunk is', () => {
    const b = bench()
    b.tick()
    b.requester.answer(ramp([0.1, 0.1], 0.01))
    b.run(400)
    b.commanded = [0, 0]
    b.executor.start(b.nowUs, [0, 0])
    expect(b.executor.sample(b.nowUs)).toEqual({ ok: true, value: [0, 0] })
    b.run(300)
    const steps = (300_000 + 0) / stepUs
    expect(b.commanded[0]).toBeCloseTo(0.1 + 0.01 * steps, 6)
  })

  it('asks again at once, because the first chunk was made for an older moment', () => {
    const b = started(ramp([0, 0], 0.01))
    b.run(60)
    expect(b.requester.requests).toHaveLength(2)
    expect(b.requester.last.timeUs).toBeGreaterThan(1_000_000)
  })

  it('carries in every request the pose measured and the pose commanded', () => {
    const b = started(ramp([0, 0], 0.01))
    b.executor.observe(b.nowUs + 50_000, [0.3, 0.4], [0.5, 0.6])
    expect(b.requester.last).toMatchObject({ position: [0.3, 0.4], commanded: [0.5, 0.6] })
  })

  it('asks for the next chunk when half of the present one is done', () => {
    const b = started(ramp([0, 0], 0))
    b.run(60)
    b.requester.answer(ramp([0, 0], 0))
    b.run(700)
    expect(b.requester.requests).toHaveLength(2)
    b.run(200)
    expect(b.requester.requests).toHaveLength(3)
  })

  it('follows an arriving chunk from the step that is due, counted from its observation', () => {
    const b = started(ramp([0, 0], 0))
    b.run(60)
    const observedUs = b.requester.last.timeUs
    b.run(200)
    b.requester.answer(ramp([0, 0], 0.01))
    b.run(300)
    expect(b.commanded[0]).toBeCloseTo((0.01 * (b.nowUs - observedUs)) / stepUs, 6)
    expect(b.executor.stats()).toMatchObject({ stalenessUs: b.nowUs - observedUs })
  })

  it('counts only what was executed: after a stall of the loop it goes on where it was', () => {
    const b = started(ramp([0, 0], 0.01))
    b.run(400)
    const before = b.commanded[0] ?? 0
    b.nowUs += 500_000
    b.tick()
    expect((b.commanded[0] ?? 0) - before).toBeLessThanOrEqual((0.01 * 20_000) / stepUs + 1e-9)
  })

  it('measures the join and the delay', () => {
    const b = started(ramp([0, 0], 0))
    b.run(60)
    b.requester.answer(ramp([0.05, 0], 0))
    b.tick()
    expect(b.executor.stats().lastJump).toBeCloseTo(0.05, 9)
    expect(b.executor.stats()).toMatchObject({ requests: 2, chunks: 2, failures: 0, late: 0, outOfOrder: 0 })
    expect(b.executor.stats().delayP50Us).toBeGreaterThanOrEqual(tickUs)
  })
})

describe('when chunks fail to come', () => {
  it('holds when the chunk is used up, and goes no step beyond its end', () => {
    const b = started(ramp([0, 0], 0.005))
    let last = 0
    const codes = new Set<string>()
    b.run(2500, (result) => {
      codes.add(codeOf(result))
      if (result.ok) last = result.value[0] ?? 0
    })
    expect([...codes]).toEqual(['ok', 'policy/used-up'])
    expect(last).toBeLessThanOrEqual(0.005 * 49 + 1e-12)
    expect(last).toBeGreaterThan(0.005 * 48)
  })

  it('stays failed when a chunk arrives after all: a person gives the arm again', () => {
    const b = started(ramp([0, 0], 0))
    b.run(1800)
    b.requester.answer(ramp([0, 0], 0))
    expect(codeOf(b.tick())).toBe('policy/used-up')
    b.executor.stop()
    b.run(600)
    b.requester.answer(ramp([0, 0], 0))
    b.tick()
    b.executor.start(b.nowUs, b.commanded)
    expect(codeOf(b.tick())).toBe('ok')
  })

  it('drops a chunk whose last step has passed', () => {
    const b = started(ramp([0, 0], 0, 60))
    b.run(60)
    b.requester.answer(ramp([0, 0], 0, 60))
    b.run(1100)
    const requested = b.requester.requests.length
    b.run(300)
    expect(b.requester.requests).toHaveLength(requested)
    b.requester.answer(ramp([1, 1], 0, 3))
    b.run(100)
    expect(b.executor.stats()).toMatchObject({ late: 1 })
    expect(b.commanded[0]).toBe(0)
  })

  it('gives a request up after its time and takes no notice of the late answer', () => {
    const b = started(ramp([0, 0], 0), { requestTimeoutUs: 300_000 })
    b.run(60)
    const lost = b.requester.last.id
    b.run(400)
    expect(b.requester.cancelled).toBe(1)
    expect(b.requester.last.id).not.toBe(lost)
    b.requester.reply(lost, { ok: true, value: { stepUs, steps: ramp([1, 1], 0) } })
    b.run(50)
    expect(b.commanded[0]).toBe(0)
    expect(b.executor.stats()).toMatchObject({ timeouts: 1, outOfOrder: 1 })
  })

  it('takes an answer once, even when it is sent twice', () => {
    const b = started(ramp([0, 0], 0))
    b.run(60)
    b.requester.answer(ramp([0, 0], 0))
    b.requester.answer(ramp([1, 1], 0))
    b.run(300)
    expect(b.commanded[0]).toBe(0)
    expect(b.executor.stats().outOfOrder).toBe(1)
  })

  it.each(['policy/not-finite', 'policy/out-of-range', 'policy/wrong-shape', 'policy/host-down'] as const)(
    'holds at once on %s',
    (code) => {
      const b = started(ramp([0, 0], 0.01))
      b.run(60)
      b.requester.refuse(code)
      expect(codeOf(b.tick())).toBe(code)
      expect(codeOf(b.tick())).toBe(code)
    },
  )

  it('holds at once when a chunk with NaN arrives, and no number of it comes out', () => {
    const b = started(ramp([0, 0], 0.01))
    b.run(60)
    b.requester.answer([...ramp([0, 0], 0.01, 30), [Number.NaN, 0]])
    expect(codeOf(b.tick())).toBe('policy/not-finite')
  })

  it('holds at once when the host dies', () => {
    const b = started(ramp([0, 0], 0.01))
    b.run(60)
    b.requester.fault = { code: 'policy/host-down', message: 'gone' }
    expect(codeOf(b.tick())).toBe('policy/host-down')
  })

  it('asks again after a passing failure while the present chunk lasts', () => {
    const b = started(ramp([0, 0], 0))
    b.run(60)
    b.requester.refuse('policy/timeout')
    b.run(100)
    expect(b.requester.requests).toHaveLength(3)
    expect(codeOf(b.tick())).toBe('ok')
  })

  it.each(['policy/pictures-stopped', 'policy/remote-unreachable', 'policy/remote-refused'] as const)(
    'holds at the end of the last chunk and says why no other came: %s',
    (code) => {
      const b = started(ramp([0, 0], 0.005))
      const codes = new Set<string>()
      b.run(2500, (result) => {
        codes.add(codeOf(result))
        b.requester.refuse(code)
      })
      expect([...codes]).toEqual(['ok', code])
      expect(b.commanded[0]).toBeLessThanOrEqual(0.005 * 49 + 1e-12)
      b.executor.stop()
      b.tick()
      b.run(600, () => b.requester.refuse(code))
      expect(b.executor.blockers(b.commanded)).toMatchObject([{ code }])
      b.run(600, () => b.requester.answer(ramp(b.commanded, 0)))
      expect(b.executor.blockers(b.commanded)).toEqual([])
    },
  )
})

describe('when the arm is taken away', () => {
  it('cancels the outstanding request and gives no pose any more', () => {
    const b = started(ramp([0, 0], 0))
    b.run(60)
    b.executor.stop()
    expect(b.requester.cancelled).toBe(1)
    expect(codeOf(b.tick())).toBe('policy/not-ready')
  })

  it('lets go of its source when it is disposed', () => {
    const b = bench()
    b.executor[Symbol.dispose]()
    expect(b.requester.isDisposed).toBe(true)
  })
})
