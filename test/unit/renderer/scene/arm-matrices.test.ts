import { Quaternion, Vector3 } from 'three'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toolPose } from '#core/arm/kinematics.ts'
import { so101Links, so101ToolM } from '#core/arm/so101-geometry.ts'
import { isDrawable, linkMatrices } from '#renderer/scene/arm-matrices.ts'
import { so101Schematic, turnFromZ } from '#renderer/scene/so101-schematic.ts'

const joints = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 6, maxLength: 6 })

describe('linkMatrices', () => {
  it('places the gripper’s tool point where the kinematics have it', () => {
    fc.assert(
      fc.property(joints, (position) => {
        const gripper = linkMatrices(position).get('gripper')
        if (gripper === undefined) throw new Error('no gripper')
        const tool = new Vector3(...so101ToolM).applyMatrix4(gripper)
        const expected = new Vector3(...toolPose(position).positionM)
        expect(tool.distanceTo(expected)).toBeLessThan(1e-9)
        expect(gripper.determinant()).toBeCloseTo(1, 9)
      }),
    )
  })

  it('draws only whole vectors', () => {
    expect(isDrawable(null)).toBe(false)
    expect(isDrawable([0, 0, 0, Number.NaN, 0, 0])).toBe(false)
    expect(isDrawable([0, 0, 0, 0, 0])).toBe(false)
    expect(isDrawable([0, 0, 0, 0, 0, 0.5])).toBe(true)
  })
})

describe('the schematic arm', () => {
  it('has a body with a shape for every link', () => {
    const { bodies, geoms } = so101Schematic()
    expect(bodies).toHaveLength(so101Links.length)
    expect(new Set(geoms.map((geom) => geom.body)).size).toBe(so101Links.length)
  })

  it('turns bones from upright onto any direction', () => {
    const part = fc.double({ min: -1, max: 1, noNaN: true })
    fc.assert(
      fc.property(part, part, part, (x, y, z) => {
        fc.pre(Math.hypot(x, y, z) > 1e-3)
        const [w, i, j, k] = turnFromZ([x, y, z])
        const turned = new Vector3(0, 0, 1).applyQuaternion(new Quaternion(i, j, k, w))
        expect(turned.distanceTo(new Vector3(x, y, z).normalize())).toBeLessThan(1e-4)
      }),
    )
    expect(turnFromZ([0, 0, -1])).toEqual([0, 1, 0, 0])
  })
})
