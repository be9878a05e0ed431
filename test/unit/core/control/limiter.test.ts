import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brakeJoint, brakingSpeed, isWithin, limitJoint, type SetPoint } from '#core/control/limiter.ts'
import {
  defaultLimitSets,
  jointLimits,
  type JointLimits,
  type LimitSetName,
} from '#core/control/limit-sets.ts'
import { testProfile } from './core-rig.ts'

const pan = testProfile.joints[0]
const gripper = testProfile.joints[5]
if (!pan || !gripper) throw new Error('profile')

const names: readonly LimitSetName[] = ['human', 'policy', 'handOver', 'slowStop']
const limits = fc.constantFrom(...names).map((name) => jointLimits(pan, name, defaultLimitSets))
const dt = fc.double({ min: 1e-4, max: 0.015, noNaN: true })
const position = fc.double({ min: pan.lower, max: pan.upper, noNaN: true })

const expectLimited = (from: SetPoint, to: SetPoint, limit: JointLimits, dtS: number): void => {
  expect(Math.abs(to.velocity)).toBeLessThanOrEqual(limit.velocity * (1 + 1e-9))
  expect(Math.abs(to.velocity - from.velocity)).toBeLessThanOrEqual(limit.acceleration * dtS * (1 + 1e-9))
  expect(to.position).toBeCloseTo(from.position + to.velocity * dtS, 12)
  expect(to.position).toBeGreaterThanOrEqual(limit.lower)
  expect(to.position).toBeLessThanOrEqual(limit.upper)
}

describe('limiter', () => {
  it('keeps speed, change of speed and range for any moving target and any tick length', () => {
    const steps = fc.array(
      fc.tuple(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        dt,
      ),
      {
        minLength: 1,
        maxLength: 300,
      },
    )
    fc.assert(
      fc.property(limits, position, steps, (limit, start, list) => {
        let at: SetPoint = { position: start, velocity: 0 }
        for (const [target, speed, dtS] of list) {
          const next = limitJoint(at, target, speed, limit, dtS)
          expectLimited(at, next, limit, dtS)
          at = next
        }
      }),
      { numRuns: 150 },
    )
  })

  it('reaches a target that rests without overshoot, from rest', () => {
    fc.assert(
      fc.property(
        limits,
        position,
        position,
        fc.array(dt, { minLength: 50, maxLength: 50 }),
        (limit, start, target, dts) => {
          let at: SetPoint = { position: start, velocity: 0 }
          const way = Math.sign(target - start)
          for (let tick = 0; tick < 20_000 && Math.abs(at.position - target) > 1e-6; tick++) {
            at = limitJoint(at, target, 0, limit, dts[tick % dts.length] ?? 0.005)
            expect((target - at.position) * way).toBeGreaterThanOrEqual(-1e-12)
            expect(at.velocity * way).toBeGreaterThanOrEqual(0)
          }
          expect(Math.abs(at.position - target)).toBeLessThanOrEqual(1e-6)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('follows a target that moves within the limits without lag', () => {
    const limit = jointLimits(pan, 'human', defaultLimitSets)
    let at: SetPoint = { position: 0, velocity: 0 }
    let worst = 0
    for (let tick = 1; tick <= 1200; tick++) {
      const time = tick * 0.005
      const target = 1.2 * (1 - Math.cos(time * 1.4))
      at = limitJoint(at, target - 1.2, 1.2 * 1.4 * Math.sin(time * 1.4), limit, 0.005)
      if (tick > 400) worst = Math.max(worst, Math.abs(at.position - (target - 1.2)))
    }
    expect(worst).toBeLessThan(1e-3)
  })

  it('a slow stop begun at any moment of any motion ends inside the range', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(-9, 9), dt), { minLength: 1, maxLength: 250 })
    fc.assert(
      fc.property(limits, position, steps, dt, (limit, start, list, stopDt) => {
        let at: SetPoint = { position: start, velocity: 0 }
        for (const [target, dtS] of list) at = limitJoint(at, target, 0, limit, dtS)
        const stop = { ...jointLimits(pan, 'slowStop', defaultLimitSets), velocity: Math.abs(at.velocity) }
        for (let tick = 0; tick < 5000 && at.velocity !== 0; tick++) {
          const next = brakeJoint(at, stop, stopDt)
          // Inside by motion, not by clamping: the step is exactly its speed.
          expectLimited(at, next, stop, stopDt)
          at = next
        }
        expect(at.velocity).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  it('brings a set-point that begins outside the range back in and never further out', () => {
    const limit = jointLimits(pan, 'handOver', defaultLimitSets)
    let at: SetPoint = { position: pan.upper + 0.03, velocity: 0 }
    for (let tick = 0; tick < 400; tick++) {
      const next = limitJoint(at, pan.upper + 1, 0, limit, 0.005)
      expect(next.position).toBeLessThanOrEqual(at.position)
      at = next
    }
    expect(at.position).toBeCloseTo(pan.upper, 6)
  })

  it('does nothing when no time has passed', () => {
    const at = { position: 0.3, velocity: 1 }
    expect(limitJoint(at, 1, 0, jointLimits(pan, 'human', defaultLimitSets), 0)).toBe(at)
    expect(brakeJoint(at, jointLimits(pan, 'human', defaultLimitSets), -1)).toBe(at)
  })

  it('solves the braking equation', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 5, noNaN: true }),
        fc.double({ min: 0.5, max: 30, noNaN: true }),
        dt,
        (distance, a, dtS) => {
          const speed = brakingSpeed(distance, a, dtS)
          expect(speed * dtS + (speed * speed) / (2 * a)).toBeCloseTo(distance, 9)
        },
      ),
    )
    expect(brakingSpeed(-1, 10, 0.005)).toBe(0)
  })

  it('gives a gripper the same speed of the servo as a revolute joint', () => {
    const limit = jointLimits(gripper, 'human', defaultLimitSets)
    expect(limit.velocity * gripper.radPerUnit).toBeCloseTo(3.5)
    expect(limit.acceleration * gripper.radPerUnit).toBeCloseTo(25)
  })

  it('says when a moving joint cannot be put under narrower limits', () => {
    const narrow = jointLimits(pan, 'handOver', defaultLimitSets)
    expect(isWithin({ position: 0, velocity: 0.4 }, narrow)).toBe(true)
    expect(isWithin({ position: 0, velocity: 0.6 }, narrow)).toBe(false)
    expect(isWithin({ position: pan.upper - 0.01, velocity: 0.4 }, narrow)).toBe(false)
    expect(isWithin({ position: pan.upper - 0.01, velocity: -0.4 }, narrow)).toBe(true)
  })
})
