import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gripperPitchRad, jawRadOf, linkPoses, toolPose } from '#core/arm/kinematics.ts'
import { add, rotate, subtract, type Rotation } from '#core/arm/rotation.ts'
import { so101JawTipM, so101Links, type Vec3 } from '#core/arm/so101-geometry.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'

const anyPose = fc.tuple(
  ...so101Follower.joints.map((joint) => fc.double({ min: joint.lower, max: joint.upper, noNaN: true })),
)
const near = (actual: Vec3, expected: Vec3): void => {
  for (const k of [0, 1, 2] as const) expect(actual[k]).toBeCloseTo(expected[k], 9)
}

describe('the SO-101 chain', () => {
  it('lists parents before children and moves one link per joint of the profile', () => {
    const seen = new Set<string | null>([null])
    for (const link of so101Links) {
      expect(seen.has(link.parent)).toBe(true)
      seen.add(link.name)
    }
    expect(so101Links.slice(1).map((link) => link.joint)).toEqual(
      so101Follower.joints.map((joint) => joint.name),
    )
  })

  it('stands in the zero pose with the upper arm up, the forearm forward and the tool 39 cm ahead', () => {
    const { upper_arm: upperArm, lower_arm: lowerArm, wrist } = linkPoses([0, 0, 0, 0, 0, 0])
    near(subtract(lowerArm.positionM, upperArm.positionM), [0.028, 0, 0.1126])
    near(subtract(wrist.positionM, lowerArm.positionM), [0.1349, 0, 0.0052])
    near(toolPose([0, 0, 0, 0, 0, 0]).positionM, [0.3913, 0, 0.2265])
  })

  it.each<[string, readonly number[], (tool: Vec3) => number]>([
    ['shoulder_pan turns right', [0.3, 0, 0, 0, 0, 0], ([, y]) => -y],
    ['shoulder_lift leans forward and down', [0, 0.3, 0, 0, 0, 0], ([, , z]) => 0.2265 - z],
    ['elbow_flex bends down', [0, 0, 0.3, 0, 0, 0], ([, , z]) => 0.2265 - z],
    ['wrist_flex pitches down', [0, 0, 0, 0.3, 0, 0], ([, , z]) => 0.2265 - z],
  ])('%s for a positive angle', (_name, position, measure) => {
    expect(measure(toolPose(position).positionM)).toBeGreaterThan(0.01)
  })

  it("lowers the gripper's left side for a positive wrist_roll", () => {
    expect(rotate(toolPose([0, 0, 0, 0, 0.3, 0]).rotation, [0, 1, 0])[2]).toBeLessThan(0)
  })

  it('brings the moving finger onto the tool point when the gripper closes, and 13 cm away when it opens', () => {
    const jawTip = (opening: number): Vec3 => {
      const jaw = linkPoses([0, 0, 0, 0, 0, opening]).moving_jaw
      return add(jaw.positionM, rotate(jaw.rotation, so101JawTipM))
    }
    const gap = (opening: number): number =>
      Math.hypot(...subtract(jawTip(opening), toolPose([0, 0, 0, 0, 0, 0]).positionM))
    expect(gap(0)).toBeLessThan(1e-4)
    expect(gap(1)).toBeCloseTo(0.131, 2)
    expect(jawRadOf(1)).toBe(1.74533)
  })

  it('keeps every rotation a rotation', () => {
    fc.assert(
      fc.property(anyPose, (position) => {
        for (const { rotation } of Object.values(linkPoses(position))) {
          const column = (j: number): Vec3 => [rotation[j] ?? 0, rotation[j + 3] ?? 0, rotation[j + 6] ?? 0]
          expect(Math.hypot(...column(0))).toBeCloseTo(1, 9)
          const [x, y, z] = [column(0), column(1), column(2)]
          expect(x[0] * y[0] + x[1] * y[1] + x[2] * y[2]).toBeCloseTo(0, 9)
          expect(x[1] * y[2] - x[2] * y[1]).toBeCloseTo(z[0], 9)
        }
      }),
    )
  })

  it('measures the pitch of the gripper as the sum of the three pitch joints', () => {
    fc.assert(
      fc.property(anyPose, (position) => {
        const down: Rotation = toolPose(position).rotation
        expect(-rotate(down, [1, 0, 0])[2]).toBeCloseTo(Math.sin(gripperPitchRad(position)), 9)
      }),
    )
  })

  it('refuses a vector that is too short', () => {
    expect(() => linkPoses([0, 0, 0])).toThrow(RangeError)
  })
})
