import { Mesh, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { buildScene } from '#renderer/scene/scene-builder.ts'
import { smallWorld, smallWorldPose } from '../../../fakes/small-world.ts'

describe('buildScene', () => {
  it('puts bodies and their cameras where the pose says', () => {
    using world = buildScene(smallWorld)
    world.applyPose(smallWorldPose(1_000_000))
    world.scene.updateMatrixWorld(true)
    const cube = world.bodies.get('cube_red')
    expect(new Vector3().setFromMatrixPosition(cube?.matrixWorld ?? world.scene.matrix).toArray()).toEqual([
      expect.closeTo(0, 6),
      0,
      expect.closeTo(0.03, 6),
    ])
    const wrist = world.camera('wrist')
    expect(wrist?.getWorldPosition(new Vector3()).toArray()).toEqual([
      0,
      expect.closeTo(0.25, 6),
      expect.closeTo(0.25, 6),
    ])
  })

  it('finds the follower’s camera by its short name, and none that does not exist', () => {
    using world = buildScene(smallWorld)
    expect(world.camera('wrist')).toBe(world.camera('follower_wrist'))
    expect(world.camera('wrist')?.fov).toBe(60)
    expect(world.camera('behind')).toBeUndefined()
  })

  it('draws each body in one mesh and casts its shadow on the table', () => {
    using world = buildScene(smallWorld, { hasBackdrop: false })
    const gripper = world.bodies.get('follower_gripper')
    expect(gripper?.children.filter((child) => child instanceof Mesh)).toHaveLength(1)
    world.applyPose(smallWorldPose(0))
    world.scene.updateMatrixWorld(true)
    const shadows = world.scene.children.filter((child) => child instanceof Mesh)
    expect(shadows).toHaveLength(2)
    for (const shadow of shadows) {
      const point = new Vector3(0.01, 0.02, 0.03).applyMatrix4(shadow.matrixWorld)
      expect(point.z).toBeCloseTo(0.0006, 6)
    }
  })

  it('leaves out what is not to be shown', () => {
    using world = buildScene(smallWorld, { isShown: (name) => name !== 'follower_gripper' })
    expect([...world.bodies.keys()]).toEqual(['world', 'cube_red'])
    world.applyPose(smallWorldPose(0))
  })

  it('ignores a pose that is too short for a body rather than moving it to nowhere', () => {
    using world = buildScene(smallWorld)
    world.applyPose(smallWorldPose(0))
    const before = world.bodies.get('follower_gripper')?.matrix.toArray()
    world.applyPose(smallWorldPose(1_000_000).subarray(0, 14))
    expect(world.bodies.get('follower_gripper')?.matrix.toArray()).toEqual(before)
  })
})
