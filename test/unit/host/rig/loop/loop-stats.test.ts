import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Histogram } from '#host/rig/loop/histogram.ts'
import { LoopMeter } from '#host/rig/loop/loop-stats.ts'

describe('histogram', () => {
  it('agrees with a sort to within one bin, and never flatters', () => {
    const samples = fc.array(fc.integer({ min: 0, max: 19_000 }), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, share) => {
        const histogram = new Histogram()
        for (const sample of list) histogram.add(sample)
        const sorted = list.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(0, Math.ceil(share * list.length) - 1)] ?? 0
        const found = histogram.percentile(share) ?? -1
        expect(found).toBeGreaterThan(exact)
        expect(found).toBeLessThanOrEqual(exact + 10)
      }),
    )
  })

  it('forgets the older half and keeps counting', () => {
    const histogram = new Histogram(100)
    for (let index = 0; index < 100; index++) histogram.add(5000)
    for (let index = 0; index < 200; index++) histogram.add(50)
    expect(histogram.percentile(1)).toBe(60)
    expect(histogram.count).toBe(200)
  })

  it('has no percentile without samples, and keeps what is longer than its scale in its last bin', () => {
    const histogram = new Histogram()
    expect(histogram.percentile(0.5)).toBeNull()
    histogram.add(60_000_000)
    expect(histogram.percentile(0.5)).toBe(1_000_000)
  })
})

describe('loop meter', () => {
  it('reports the rate of the last second, percentiles and overruns', () => {
    const meter = new LoopMeter(5000)
    expect(meter.stats()).toBeNull()
    for (let tick = 0; tick < 400; tick++) meter.tick(tick * 5000, tick === 399 ? 900 : 100)
    meter.overrun(2)
    expect(meter.stats()).toMatchObject({
      targetHz: 200,
      rateHz: 200,
      ticks: 400,
      overruns: 2,
      latenessP50Us: 110,
      latenessP999Us: 910,
    })
    expect(meter.stats()?.periodP99Us).toBe(5010)
  })

  it('hands out raw lateness once', () => {
    const meter = new LoopMeter(5000)
    for (let tick = 0; tick < 3; tick++) meter.tick(tick * 5000, tick)
    expect([...meter.drainLateness()]).toEqual([0, 1, 2])
    expect([...meter.drainLateness()]).toEqual([])
    meter.tick(15_000, 7)
    expect([...meter.drainLateness()]).toEqual([7])
  })

  it('has no lag before one was measured', () => {
    const meter = new LoopMeter(5000)
    expect(meter.lagMs).toBeNull()
    meter.leaderToGoal(1234)
    expect(meter.lagMs).toBe(1.24)
  })

  it('measures a take-over in ticks and milliseconds, and drops one that was refused', () => {
    const meter = new LoopMeter(5000)
    meter.acted(1000, true)
    meter.takeOverAsked(2500)
    meter.acted(6000, true)
    expect(meter.takeOver).toBeNull()
    meter.takeOverAsked(8000)
    meter.takeOverAsked(9000)
    meter.acted(11_000, false)
    meter.acted(16_000, false)
    expect(meter.takeOver).toEqual({ ticks: 1, ms: 3 })
  })
})
