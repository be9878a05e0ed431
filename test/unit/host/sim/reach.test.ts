/** The operator's hand only wants poses that the arm can take. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { solveTool } from '#core/arm/inverse-kinematics.ts'
import { toolPose } from '#core/arm/kinematics.ts'
import { rotate } from '#core/arm/rotation.ts'
import { so101Leader } from '#core/arm/so101-profile.ts'
import { bin, cubeArea, cubeHalfM } from '#host/sim/scene/layout.ts'
import { dropTarget, graspTarget, steepestPitchRad } from '#host/sim/operator/reach.ts'

const ready = [0, -0.6, 0.9, 1.2, 0, 0.5]
const within = ([min, max]: readonly [number, number]) => fc.double({ min, max, noNaN: true })
const yaw = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true })

describe('reaching', () => {
  it('finds a grasp, and a place above it, for every cube that a seed can lay out', () => {
    fc.assert(
      fc.property(within(cubeArea.xM), within(cubeArea.yM), yaw, (x, y, yawRad) => {
        for (const liftM of [0, 0.06])
          expect(solveTool(so101Leader, graspTarget([x, y, cubeHalfM], yawRad, liftM), ready).ok).toBe(true)
      }),
    )
  })

  it('closes the jaws square to a face of the cube, turning the wrist by an eighth at most', () => {
    fc.assert(
      fc.property(within(cubeArea.xM), within(cubeArea.yM), yaw, (x, y, yawRad) => {
        const target = graspTarget([x, y, cubeHalfM], yawRad, 0)
        expect(Math.abs(target.rollRad ?? NaN)).toBeLessThanOrEqual(Math.PI / 4 + 1e-9)
        const solved = solveTool(so101Leader, target, ready)
        if (!solved.ok) throw new Error(solved.error.message)
        const closing = rotate(toolPose(solved.value).rotation, [0, 0, 1])
        const quarters = (Math.atan2(closing[1], closing[0]) - yawRad) / (Math.PI / 2)
        expect(Math.abs(quarters - Math.round(quarters))).toBeLessThan(0.12)
      }),
    )
  })

  it('points straight down where it can and never flatter than needed above the bin', () => {
    expect(steepestPitchRad([0.2, 0, 0.01])).toBe(Math.PI / 2)
    for (const heightM of [0.075, 0.1]) {
      const target = dropTarget(bin.centreM, heightM)
      expect(solveTool(so101Leader, target, ready).ok).toBe(true)
      expect(target.pitchRad).toBeGreaterThan(1.2)
    }
  })
})
