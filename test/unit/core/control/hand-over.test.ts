import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handedOver, handOverLeftUs, openShare, planHandOver } from '#core/control/blend.ts'
import { armLimits, defaultLimitSets } from '#core/control/limit-sets.ts'
import { gapsBetween, reachable } from '#core/control/matching.ts'
import { LeaderMirror } from '#core/control/mirror.ts'
import { TakeOverDetector } from '#core/control/take-over.ts'
import { TargetVelocity } from '#core/control/target-velocity.ts'
import { testProfile, zero } from './core-rig.ts'

const limits = armLimits(testProfile, 'handOver', defaultLimitSets)
const pose = fc.tuple(
  ...testProfile.joints.map((joint) => fc.double({ min: joint.lower, max: joint.upper, noNaN: true })),
)

describe('hand-over', () => {
  it('starts at the commanded pose, ends at the request, never grows, and keeps the hand-over limits', () => {
    fc.assert(
      fc.property(pose, pose, (commanded, requested) => {
        const plan = planHandOver(commanded, requested, limits, 0)
        const first = handedOver(plan, requested, 0)
        for (const [joint, value] of first.entries()) expect(value).toBeCloseTo(commanded[joint] ?? 9, 12)
        expect(handedOver(plan, requested, plan.durationUs)).toEqual(requested)
        const stepUs = plan.durationUs / 400
        let speedBefore = 0
        for (let step = 1; step <= 400 && stepUs > 1; step++) {
          const before = openShare(plan, (step - 1) * stepUs)
          const now = openShare(plan, step * stepUs)
          expect(now).toBeLessThanOrEqual(before)
          for (const [joint, gap] of plan.offset.entries()) {
            const speed = (Math.abs(gap) * (before - now)) / (stepUs / 1e6)
            expect(speed).toBeLessThanOrEqual((limits[joint]?.velocity ?? 0) * 1.001)
          }
          const gap = Math.abs(plan.offset[0] ?? 0)
          const speed = (gap * (before - now)) / (stepUs / 1e6)
          expect(Math.abs(speed - speedBefore) / (stepUs / 1e6)).toBeLessThanOrEqual(
            (limits[0]?.acceleration ?? 0) * 1.01,
          )
          speedBefore = speed
        }
      }),
      { numRuns: 60 },
    )
  })

  it('takes at least the time that a person needs to see it, when asked', () => {
    const plan = planHandOver(zero, zero, limits, 1000, 300_000)
    expect(handOverLeftUs(plan, 1000)).toBe(300_000)
    expect(handOverLeftUs(plan, 400_000)).toBe(0)
    expect(openShare(planHandOver(zero, zero, limits, 0), 0)).toBe(0)
  })
})

describe('gaps', () => {
  it('are radians of servo travel, for grippers too, with the worst joint named', () => {
    const gaps = gapsBetween(testProfile, [0.1, 0, 0, 0, 0, 1], [0, 0.05, 0, 0, 0, 0.5])
    expect(gaps.radians[5]).toBeCloseTo(0.875)
    expect(gaps).toMatchObject({ worstJoint: 5 })
    expect(gapsBetween(testProfile, zero, zero).worstRad).toBe(0)
  })

  it('are measured to what the follower can reach', () => {
    expect(reachable(testProfile, [9, -9, 0, 0, 0, 2])).toEqual([1.9, -1.7, 0, 0, 0, 1])
  })
})

describe('a hand on the leader', () => {
  it('is a pose outside the band of recent goals, not one that lags inside it', () => {
    const detector = new TakeOverDetector(testProfile, 0.12)
    for (let tick = 0; tick <= 60; tick++) detector.expect([tick * 0.005, 0, 0, 0, 0, 0.5], tick * 5000)
    expect(detector.isTaken(zero)).toBe(false)
    expect(detector.isTaken([0.41, 0, 0, 0, 0, 0.5])).toBe(false)
    expect(detector.isTaken([0.43, 0, 0, 0, 0, 0.5])).toBe(true)
    expect(detector.excess([-0.2, 0, 0, 0, 0, 0.5])).toEqual({ joint: 0, rad: 0.2 })
  })

  it('counts against where the leader was sent in the last 0.4 s only', () => {
    const detector = new TakeOverDetector(testProfile, 0.12)
    detector.expect(zero, 0)
    for (let tick = 1; tick <= 100; tick++) detector.expect([0.5, 0, 0, 0, 0, 0.5], tick * 5000)
    expect(detector.isTaken(zero)).toBe(true)
  })

  it('is not seen before anything was sent', () => {
    const detector = new TakeOverDetector(testProfile, 0.12)
    expect(detector.isTaken([1, 1, 1, 1, 1, 1])).toBe(false)
  })
})

describe('mirroring', () => {
  it('starts where the leader stands and goes to the follower under the limits of a policy', () => {
    const mirror = new LeaderMirror(testProfile, 5000, 0.12)
    const policy = armLimits(testProfile, 'policy', defaultLimitSets)
    let leader: readonly number[] = [0.5, 0, 0, 0, 0, 0.5]
    let speed = 0
    for (let tick = 0; tick < 600; tick++) {
      const goal = mirror.step(leader, zero, policy, tick * 5000)
      const now = ((goal[0] ?? 0) - (leader[0] ?? 0)) / 0.005
      expect(Math.abs(now - speed)).toBeLessThanOrEqual(10 * 0.005 + 1e-9)
      speed = now
      leader = goal
      expect(mirror.isTaken(leader)).toBe(false)
    }
    expect(leader[0]).toBeCloseTo(0, 6)
  })
})

describe('target velocity', () => {
  const human = armLimits(testProfile, 'human', defaultLimitSets)
  const pan = (value: number) => [value, 0, 0, 0, 0, 0.5]

  it('is the slope of the last 20 ms', () => {
    const estimate = new TargetVelocity()
    let last: readonly number[] = []
    for (let tick = 0; tick < 10; tick++) last = estimate.observe(tick * 5000, pan(tick * 0.005), human)
    expect(last[0]).toBeCloseTo(1)
  })

  it('is 0 after a jump, after a pause, after a change of source and for a pose that rests', () => {
    const estimate = new TargetVelocity()
    for (let tick = 0; tick < 10; tick++) estimate.observe(tick * 5000, pan(tick * 0.005), human)
    expect(estimate.observe(50_000, pan(0.5), human)[0]).toBe(0)
    expect(estimate.observe(500_000, pan(0.51), human)[0]).toBe(0)
    estimate.reset()
    expect(estimate.observe(505_000, pan(0.52), human)[0]).toBe(0)
    expect(estimate.observe(510_000, pan(0.52), human)[0]).toBe(0)
  })
})
