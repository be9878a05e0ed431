import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { reachTool } from '#core/arm/reach.ts'
import { solveTool } from '#core/arm/inverse-kinematics.ts'
import { gripperPitchRad, toolPose } from '#core/arm/kinematics.ts'
import { subtract } from '#core/arm/rotation.ts'
import { solveSymmetric } from '#core/arm/solve-symmetric.ts'
import type { Vec3 } from '#core/arm/so101-geometry.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'

const rest: JointVector = [0, -0.6, 0.9, 1.2, 0, 0.4]

const solved = (target: Parameters<typeof solveTool>[1], start: JointVector = rest): JointVector => {
  const result = solveTool(so101Follower, target, start)
  if (!result.ok) throw new Error(`unreachable: ${JSON.stringify([target, result.error])}`)
  return result.value
}

describe('inverse kinematics', () => {
  it('reaches everything on the table in front of the arm, gripper pointing down, within half a millimetre', () => {
    const onTable = fc.record({
      distanceM: fc.double({ min: 0.12, max: 0.21, noNaN: true }),
      bearingRad: fc.double({ min: -1, max: 1, noNaN: true }),
      heightM: fc.double({ min: 0.01, max: 0.05, noNaN: true }),
      rollRad: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
    })
    fc.assert(
      fc.property(onTable, ({ distanceM, bearingRad, heightM, rollRad }) => {
        const positionM: Vec3 = [
          0.0388 + distanceM * Math.cos(bearingRad),
          distanceM * Math.sin(bearingRad),
          heightM,
        ]
        const position = solved({ positionM, pitchRad: Math.PI / 2, rollRad })
        expect(Math.hypot(...subtract(toolPose(position).positionM, positionM))).toBeLessThan(0.0005)
        expect(Math.abs(gripperPitchRad(position) - Math.PI / 2)).toBeLessThan(0.005)
        expect(Math.abs((position[4] ?? NaN) - rollRad)).toBeLessThan(0.005)
        expect(position[5]).toBe(0.4)
      }),
    )
  })

  it('stays inside the joint limits and on the target, from wherever a pose was taken', () => {
    const anyPose = fc.tuple(
      ...so101Follower.joints.map((joint) => {
        const margin = (joint.upper - joint.lower) * 0.05
        return fc.double({ min: joint.lower + margin, max: joint.upper - margin, noNaN: true })
      }),
    )
    fc.assert(
      fc.property(anyPose, (pose) => {
        const result = solveTool(so101Follower, { positionM: toolPose(pose).positionM }, rest)
        if (!result.ok) return fc.pre(false)
        for (const [j, joint] of so101Follower.joints.entries()) {
          expect(result.value[j]).toBeGreaterThanOrEqual(joint.lower)
          expect(result.value[j]).toBeLessThanOrEqual(joint.upper)
        }
        const away = subtract(toolPose(result.value).positionM, toolPose(pose).positionM)
        expect(Math.hypot(...away)).toBeLessThan(0.0005)
      }),
    )
  })

  it('answers a small move with a small change, so that dragging the gripper does not flip the arm', () => {
    const positionM: Vec3 = [0.24, 0.05, 0.08]
    const start = solved({ positionM, pitchRad: 1.4, rollRad: 0 })
    const moved = solved({ positionM: [0.245, 0.05, 0.08], pitchRad: 1.4, rollRad: 0 }, start)
    for (const [j, value] of moved.entries()) expect(Math.abs(value - (start[j] ?? NaN))).toBeLessThan(0.1)
  })

  it('reaches over its shoulder to a point behind the base', () => {
    const behind = toolPose([0, -1.5, -0.6, 0.1, 0, 0]).positionM
    expect(behind[0]).toBeLessThan(-0.1)
    expect(Math.hypot(...subtract(toolPose(solved({ positionM: behind })).positionM, behind))).toBeLessThan(
      5e-4,
    )
  })

  it('says how far away it stayed from a point it cannot reach', () => {
    const result = solveTool(so101Follower, { positionM: [0.8, 0, 0.1] }, rest)
    expect(result).toMatchObject({ ok: false, error: { code: 'sim/unreachable-pose' } })
    const distanceM = result.ok ? 0 : result.error.data?.['distanceM']
    expect(distanceM).toBeGreaterThan(0.2)
    expect(distanceM).toBeLessThan(0.5)
  })

  it('says so when the point can be reached but not at the wanted pitch', () => {
    expect(solveTool(so101Follower, { positionM: [0.38, 0, 0.2], pitchRad: -2 }, rest).ok).toBe(false)
  })
})

describe('reaching with a preferred pitch', () => {
  it('keeps the pitch where the arm can', () => {
    const result = reachTool(so101Follower, { positionM: [0.22, 0, 0.04], pitchRad: Math.PI / 2 }, rest)
    expect(result.ok && gripperPitchRad(result.value)).toBeCloseTo(Math.PI / 2, 2)
  })

  it('gives up just as much of the pitch as the height costs: wrist_flex ends before the gripper hangs straight', () => {
    const positionM: Vec3 = [0.22, 0, 0.14]
    expect(solveTool(so101Follower, { positionM, pitchRad: Math.PI / 2 }, rest).ok).toBe(false)
    const result = reachTool(so101Follower, { positionM, pitchRad: Math.PI / 2 }, rest)
    if (!result.ok) throw new Error('unreachable')
    expect(Math.hypot(...subtract(toolPose(result.value).positionM, positionM))).toBeLessThan(0.0005)
    const pitch = gripperPitchRad(result.value)
    expect(pitch).toBeLessThan(Math.PI / 2)
    expect(solveTool(so101Follower, { positionM, pitchRad: pitch + 0.1 }, rest).ok).toBe(false)
  })

  it('still says so when the point itself is out of reach', () => {
    expect(reachTool(so101Follower, { positionM: [0.6, 0, 0.1], pitchRad: 0 }, rest)).toMatchObject({
      error: { code: 'sim/unreachable-pose' },
    })
  })
})

describe('a symmetric system', () => {
  it('is solved', () => {
    const solution = solveSymmetric(
      [
        [4, 2, 0],
        [2, 5, 1],
        [0, 1, 3],
      ],
      [8, 15, 11],
    )
    expect(solution.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 2, 3])
  })

  it('is refused when it is not positive definite', () => {
    expect(() =>
      solveSymmetric(
        [
          [1, 2],
          [2, 1],
        ],
        [1, 1],
      ),
    ).toThrow(RangeError)
  })
})
