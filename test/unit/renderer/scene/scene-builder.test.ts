import { Matrix4, Mesh, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { flattenMatrix } from '#renderer/scene/flatten.ts'
import { toLight } from '#renderer/scene/materials.ts'
import { buildScene, type WorldScene } from '#renderer/scene/scene-builder.ts'
import { smallWorld, smallWorldPose } from '../../../fakes/small-world.ts'

const meshes = (world: WorldScene): Mesh[] =>
  world.scene.children.filter((child): child is Mesh => child instanceof Mesh)

/** Which bodies the corners of a mesh belong to. */
function bodiesIn(mesh: Mesh | undefined): number[] {
  const attribute = mesh?.geometry.getAttribute('body')
  const bodies = Array.from({ length: attribute?.count ?? 0 }, (_, corner) => attribute?.getX(corner) ?? -1)
  return [...new Set(bodies)].toSorted((a, b) => a - b)
}

describe('buildScene', () => {
  it('puts bodies and their cameras where the pose says', () => {
    using world = buildScene(smallWorld)
    world.applyPose(smallWorldPose(1_000_000))
    world.scene.updateMatrixWorld(true)
    const cube = new Vector3().setFromMatrixPosition(world.matrices[1] ?? new Matrix4())
    expect(cube.toArray()).toEqual([expect.closeTo(0, 6), 0, expect.closeTo(0.03, 6)])
    const wrist = world.camera('wrist')?.getWorldPosition(new Vector3())
    expect(wrist?.toArray()).toEqual([0, expect.closeTo(0.25, 6), expect.closeTo(0.25, 6)])
  })

  it('finds the follower’s camera by its short name, and none that does not exist', () => {
    using world = buildScene(smallWorld)
    expect(world.camera('wrist')).toBe(world.camera('follower_wrist'))
    expect(world.camera('wrist')?.fov).toBe(60)
    expect(world.camera('behind')).toBeUndefined()
  })

  it('draws an arm at once, everything else at once, and their shadows', () => {
    using world = buildScene(smallWorld, { hasBackdrop: false })
    const batches = meshes(world).filter((mesh) => mesh.geometry.hasAttribute('body'))
    expect(batches.map(bodiesIn)).toEqual([[1], [1], [2], [2]])
    const [surface, shadow] = batches
    expect(surface?.geometry.hasAttribute('color')).toBe(true)
    expect(shadow?.geometry.getAttribute('position').count).toBeLessThan(
      surface?.geometry.getAttribute('position').count ?? 0,
    )
  })

  it('knows how far bodies and shadows reach, so that cameras leave out what they do not see', () => {
    using world = buildScene(smallWorld, { hasBackdrop: false })
    world.applyPose(smallWorldPose(0))
    const [cube, shadow] = meshes(world).filter((mesh) => mesh.geometry.hasAttribute('body'))
    const centre = new Vector3().setFromMatrixPosition(world.matrices[1] ?? new Matrix4())
    expect(cube?.geometry.boundingSphere?.center.distanceTo(centre)).toBeLessThan(0.001)
    expect(cube?.geometry.boundingSphere?.radius).toBeCloseTo(0.03 * Math.sqrt(3), 2)
    const corner = centre.clone().add(new Vector3(0.03, 0.03, 0.03))
    expect(
      shadow?.geometry.boundingSphere?.containsPoint(corner.applyMatrix4(flattenMatrix(toLight, 0))),
    ).toBe(true)
  })

  it('leaves out what is not to be shown', () => {
    using world = buildScene(smallWorld, {
      hasBackdrop: false,
      isShown: (name) => name !== 'follower_gripper' && name !== 'world',
    })
    expect(meshes(world).map(bodiesIn)).toEqual([[1], [1]])
  })

  it('keeps a body where it is when a pose is too short for it', () => {
    using world = buildScene(smallWorld)
    world.applyPose(smallWorldPose(0))
    const before = world.matrices[2]?.toArray()
    world.applyPose(smallWorldPose(1_000_000).subarray(0, 14))
    expect(world.matrices[2]?.toArray()).toEqual(before)
  })

  it('moves single bodies by name, with their cameras', () => {
    using world = buildScene(smallWorld)
    world.place(new Map([['follower_gripper', new Matrix4().makeTranslation(1, 2, 3)]]))
    world.scene.updateMatrixWorld(true)
    expect(world.camera('wrist')?.getWorldPosition(new Vector3()).z).toBeCloseTo(3.05, 6)
  })
})

describe('flattenMatrix', () => {
  it('drops points along the light onto the table, a hair above it', () => {
    const point = new Vector3(0.1, 0.2, 0.3)
    const shadow = point.clone().applyMatrix4(flattenMatrix(toLight, 0))
    expect(shadow.z).toBeCloseTo(0.0006, 9)
    const along = new Vector3().subVectors(point, shadow).normalize()
    expect(along.distanceTo(toLight)).toBeLessThan(1e-9)
  })

  it('leaves points on the table where they are', () => {
    const shadow = new Vector3(0.1, 0.2, 0.0006).applyMatrix4(flattenMatrix(toLight, 0))
    expect(shadow.distanceTo(new Vector3(0.1, 0.2, 0.0006))).toBeLessThan(1e-9)
  })
})
