/** The hand on the leader moves it through physics: it can be too weak, it can let go, and it never teleports. */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { gripperPitchRad, toolPose } from '#core/arm/kinematics.ts'
import { joints } from '#host/sim/scene/joints.ts'
import { DragPlan } from '#host/sim/operator/drag-plan.ts'
import { minimumJerk, Segment } from '#host/sim/operator/segment.ts'
import { restPose } from '#host/sim/scene/layout.ts'
import { TestBench } from './bench.ts'

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, k) => value - (b[k] ?? 0)))

describe('a hand on the leader', () => {
  it('leaves the folded arm alone until somebody takes it', async () => {
    using bench = await TestBench.create()
    const before = bench.leader
    bench.run(3)
    expect(distance(bench.leader, before)).toBeLessThan(0.1)
  })

  it('draws the gripper to a point, at a person’s speed', async () => {
    using bench = await TestBench.create()
    bench.driver.dragTo({ position: [0.22, 0.05, 0.12], pitchRad: 1.3, rollRad: 0.3 })
    let fastest = 0
    let before = bench.leader
    bench.run(4, () => {
      const now = bench.leader
      for (const [j, value] of now.entries())
        fastest = Math.max(
          fastest,
          (Math.abs(value - (before[j] ?? 0)) * (joints[j]?.radPerUnit ?? 1)) / 0.005,
        )
      before = now
    })
    expect(distance(toolPose(bench.leader).positionM, [0.22, 0.05, 0.12])).toBeLessThan(0.02)
    expect(gripperPitchRad(bench.leader)).toBeCloseTo(1.3, 1)
    expect(bench.leader[4]).toBeCloseTo(0.3, 1)
    expect(fastest).toBeLessThan(3)
  })

  it('goes as near as the joints allow when the point is out of reach', () => {
    const plan = new DragPlan([0, -0.6, 0.9, 1.2, 0, 0.5])
    plan.dragTo({ position: [0.9, 0, 0.2], pitchRad: 0.2 })
    let angles: readonly number[] = []
    for (let timeUs = 0; timeUs < 4e6; timeUs += 8000) angles = plan.anglesRad(timeUs)
    for (const [j, joint] of joints.entries())
      if (joint.kind === 'revolute') {
        expect(angles[j]).toBeGreaterThanOrEqual(joint.lower)
        expect(angles[j]).toBeLessThanOrEqual(joint.upper)
      }
    expect(toolPose(angles).positionM[0]).toBeGreaterThan(0.38)
  })

  it('keeps every joint in range and finite wherever it is drawn', () => {
    const coordinate = fc.double({ min: -1, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: 4 }),
        (points) => {
          const plan = new DragPlan(restPose)
          let timeUs = 0
          for (const position of points) {
            plan.dragTo({ position })
            for (let step = 0; step < 40; step += 1) {
              const angles = plan.anglesRad((timeUs += 8000))
              for (const [j, joint] of joints.entries()) {
                expect(Number.isFinite(angles[j])).toBe(true)
                if (joint.kind === 'revolute') {
                  expect(angles[j]).toBeGreaterThanOrEqual(joint.lower)
                  expect(angles[j]).toBeLessThanOrEqual(joint.upper)
                }
              }
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('jogs the gripper’s opening and place, and does not pile up against a limit', async () => {
    using bench = await TestBench.create()
    bench.driver.dragTo({ position: [0.2, 0, 0.12], pitchRad: 1.3 })
    bench.run(3)
    const before = toolPose(bench.leader).positionM
    for (let press = 0; press < 10; press += 1) {
      bench.driver.jog({ delta: [0, 0.004, 0], pitchRad: 0, rollRad: 0, gripper: 0.5 })
      bench.run(0.1)
    }
    bench.run(1)
    expect(toolPose(bench.leader).positionM[1] - before[1]).toBeCloseTo(0.04, 2)
    expect(bench.leader[5]).toBeCloseTo(1, 1)
    bench.driver.jog({ delta: [0, 0, 0], pitchRad: 0, rollRad: 0, gripper: -0.3 })
    bench.run(1)
    expect(bench.leader[5]).toBeCloseTo(0.7, 1)
  })

  it('lets the leader fall when told to let go', async () => {
    using bench = await TestBench.create()
    bench.driver.dragTo({ position: [0.25, 0, 0.2], pitchRad: 0.5 })
    bench.run(3)
    const before = toolPose(bench.leader).positionM[2]
    bench.driver.release()
    bench.run(2)
    expect(toolPose(bench.leader).positionM[2]).toBeLessThan(before - 0.05)
  })

  it('lets go when the leader is powered, and takes hold of it where it is when power leaves', async () => {
    using bench = await TestBench.create()
    bench.driver.dragTo({ position: [0.25, 0, 0.2], pitchRad: 0.5 })
    bench.run(3)
    bench.powerLeader(true)
    bench.run(1)
    const powered = bench.leader
    bench.powerLeader(false)
    bench.run(2)
    expect(distance(bench.leader, powered)).toBeLessThan(0.15)
  })

  it('overpowers a leader whose torque is capped, which is how one takes over', async () => {
    using bench = await TestBench.create()
    bench.driver.dragTo({ position: [0.25, 0, 0.2], pitchRad: 0.5 })
    bench.run(3)
    bench.powerLeader(true, 200)
    bench.run(0.5)
    bench.driver.jog({ delta: [0, 0.03, 0], pitchRad: 0, rollRad: 0, gripper: 0 })
    const before = bench.leader[0] ?? 0
    bench.run(1)
    expect(Math.abs((bench.leader[0] ?? 0) - before)).toBeGreaterThan(0.08)
  })
})

describe('a human movement', () => {
  it('starts and ends at rest, in the middle at half way', () => {
    expect(minimumJerk(-1)).toBe(0)
    expect(minimumJerk(0.5)).toBeCloseTo(0.5, 12)
    expect(minimumJerk(2)).toBe(1)
    expect(minimumJerk(0.001)).toBeLessThan(1e-7)
  })

  it('never moves a joint faster than its peak', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 6, maxLength: 6 }),
        fc.double({ min: 0.3, max: 2, noNaN: true }),
        (to, peak) => {
          const from = [0, 0, 0, 0, 0, 0]
          const segment = new Segment(from, to, 0, peak)
          for (let timeUs = 0; timeUs < segment.endUs; timeUs += segment.endUs / 50) {
            const [a, b] = [segment.at(timeUs), segment.at(timeUs + 1000)]
            for (const [j, joint] of joints.entries())
              expect((Math.abs((b[j] ?? 0) - (a[j] ?? 0)) * joint.radPerUnit) / 0.001).toBeLessThanOrEqual(
                peak * 1.001,
              )
          }
          for (const [j, value] of segment.at(segment.endUs).entries())
            expect(value).toBeCloseTo(to[j] ?? NaN, 12)
        },
      ),
      { numRuns: 40 },
    )
  })
})
