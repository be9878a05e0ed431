import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockOffsetEstimator, type PingSample } from '#core/timeline/clock-offset.ts'

interface Trip {
  readonly atUs: number
  readonly outUs: number
  readonly workUs: number
  readonly backUs: number
}

/** A remote clock that reads `offsetUs + (1 + driftPpm·1e-6)·local`. */
function ping(trip: Trip, offsetUs: number, driftPpm: number): PingSample {
  const remote = (localUs: number): number => localUs * (1 + driftPpm / 1_000_000) + offsetUs
  const arrived = trip.atUs + trip.outUs
  return {
    sentLocalUs: trip.atUs,
    receivedRemoteUs: remote(arrived),
    sentRemoteUs: remote(arrived + trip.workUs),
    receivedLocalUs: arrived + trip.workUs + trip.backUs,
  }
}

const delay = fc.oneof(fc.integer({ min: 20, max: 500 }), fc.integer({ min: 0, max: 200_000 }))
const trips = fc
  .array(
    fc.record({
      gapUs: fc.integer({ min: 1000, max: 2_000_000 }),
      outUs: delay,
      workUs: delay,
      backUs: delay,
    }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((list) => {
    let atUs = 0
    return list.map(({ gapUs, ...rest }) => ({ atUs: (atUs += gapUs), ...rest }))
  })

describe('clock offset estimator', () => {
  it('always holds the true offset within its uncertainty, whatever the delays', () => {
    fc.assert(
      fc.property(
        trips,
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: -49, max: 49 }),
        (list, offsetUs, ppm) => {
          const estimator = new ClockOffsetEstimator()
          for (const trip of list) {
            estimator.add(ping(trip, offsetUs, ppm))
            const atUs = trip.atUs + 500_000
            const estimate = estimator.estimate(atUs)
            const truth = offsetUs + (atUs * ppm) / 1_000_000
            expect(Math.abs((estimate?.offsetUs ?? Infinity) - truth)).toBeLessThanOrEqual(
              (estimate?.uncertaintyUs ?? 0) + 1,
            )
            expect(estimate?.steps).toBe(0)
          }
        },
      ),
      // A slow answer: the clocks drift apart by more than the tolerance during the round trip itself.
      { examples: [[[{ atUs: 1000, outUs: 0, workUs: 0, backUs: 60_001 }], 0, 49]] },
    )
  })

  it('is as certain as its fastest round trip', () => {
    const estimator = new ClockOffsetEstimator()
    for (const [i, outUs] of [8000, 100, 30_000, 9000].entries())
      estimator.add(ping({ atUs: i * 1000, outUs, workUs: 50, backUs: outUs }, 777, 0))
    const estimate = estimator.estimate(4000)
    expect(estimate?.offsetUs).toBeCloseTo(777, 0)
    expect(estimate?.uncertaintyUs).toBeLessThanOrEqual(101)
    expect(estimate?.minRoundTripUs).toBe(200)
  })

  it('measures drift once the samples span a tenth of the window', () => {
    const estimator = new ClockOffsetEstimator({ windowUs: 60_000_000, maxDriftPpm: 50 })
    estimator.add(ping({ atUs: 0, outUs: 50, workUs: 0, backUs: 50 }, 0, 20))
    expect(estimator.estimate(0)?.driftPpm).toBeNull()
    for (let s = 1; s <= 30; s += 1)
      estimator.add(ping({ atUs: s * 1e6, outUs: 50, workUs: 0, backUs: 50 }, 0, 20))
    expect(estimator.estimate(30e6)?.driftPpm).toBeCloseTo(20, 3)
  })

  it('starts over when a clock jumps, and counts the jump', () => {
    const estimator = new ClockOffsetEstimator()
    estimator.add(ping({ atUs: 0, outUs: 100, workUs: 0, backUs: 100 }, 0, 0))
    estimator.add(ping({ atUs: 1e6, outUs: 100, workUs: 0, backUs: 100 }, 5e6, 0))
    const estimate = estimator.estimate(1e6)
    expect(estimate?.offsetUs).toBeCloseTo(5e6, 0)
    expect(estimate?.steps).toBe(1)
  })

  it('grows less certain while no answer comes', () => {
    const estimator = new ClockOffsetEstimator({ maxDriftPpm: 50 })
    estimator.add(ping({ atUs: 0, outUs: 100, workUs: 0, backUs: 100 }, 0, 0))
    expect(estimator.estimate(10_000_100)?.uncertaintyUs).toBeCloseTo(100 + 500, 3)
  })

  it('knows nothing before the first good round trip, and a trip that ends before it began is not one', () => {
    const estimator = new ClockOffsetEstimator()
    expect(estimator.estimate(0)).toBeNull()
    expect(estimator.toRemoteUs(0)).toBeNull()
    estimator.add({ sentLocalUs: 100, receivedRemoteUs: 0, sentRemoteUs: 0, receivedLocalUs: 50 })
    expect(estimator.estimate(0)).toBeNull()
  })

  it('turns local times into remote times', () => {
    const estimator = new ClockOffsetEstimator()
    estimator.add(ping({ atUs: 0, outUs: 100, workUs: 0, backUs: 100 }, 1234, 0))
    expect(estimator.toRemoteUs(100)).toBeCloseTo(1334, 0)
  })
})
