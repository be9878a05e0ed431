import * as fc from 'fast-check'
import { PerspectiveCamera, Vector2, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { DragPlane, lowestM } from '#renderer/scene/drag-plane.ts'

function camera(): PerspectiveCamera {
  const made = new PerspectiveCamera(35, 1.4, 0.05, 8)
  made.up.set(0, 0, 1)
  made.position.set(0.6, -0.5, 0.4)
  made.lookAt(0.1, 0, 0.1)
  made.updateMatrixWorld(true)
  return made
}

const near = fc.double({ min: -0.5, max: 0.5, noNaN: true })

describe('DragPlane', () => {
  it('leaves the tool where it is until the pointer moves, wherever it was grabbed', () => {
    fc.assert(
      fc.property(near, near, fc.boolean(), (x, y, isLevel) => {
        const plane = new DragPlane()
        const tool = new Vector3(0.2, 0.05, 0.12)
        const pointer = new Vector2(x, y)
        plane.begin(camera(), pointer, tool, isLevel)
        const target = plane.at(camera(), pointer)
        // A level plane may lie out of sight for this pointer; then there is no target at all.
        if (target !== null) expect(target.distanceTo(tool)).toBeLessThan(1e-6)
      }),
    )
  })

  it('keeps the height when dragged in the level plane', () => {
    const plane = new DragPlane()
    const tool = new Vector3(0.2, 0.05, 0.12)
    plane.begin(camera(), new Vector2(0, 0), tool, true)
    const target = plane.at(camera(), new Vector2(0.1, -0.2))
    expect(target?.z).toBeCloseTo(0.12, 6)
    expect(target?.distanceTo(tool)).toBeGreaterThan(0.01)
  })

  it('follows the pointer in the plane that faces the camera, and never below the table', () => {
    const plane = new DragPlane()
    const tool = new Vector3(0.2, 0.05, 0.12)
    plane.begin(camera(), new Vector2(0, 0), tool, false)
    expect(plane.at(camera(), new Vector2(0, 0.3))?.z).toBeGreaterThan(0.12)
    expect(plane.at(camera(), new Vector2(0, -2))?.z).toBe(lowestM)
  })
})
