/** Where a pointer's ray meets the plane in which the gripper is dragged: the one that faces the camera, or the level one. */
import { type Camera, Plane, Raycaster, Vector2, Vector3 } from 'three'

/** Lowest height at which fingertips are sent, metres: a hair above the table. */
export const lowestM = 0.004

export class DragPlane {
  readonly #plane = new Plane()
  readonly #ray = new Raycaster()
  readonly #grabOffset = new Vector3()

  /** `pointer` in normalised device coordinates. The point under the pointer keeps its offset to the tool. */
  begin(camera: Camera, pointer: Vector2, tool: Vector3, isLevel: boolean): void {
    const normal = isLevel ? new Vector3(0, 0, 1) : camera.getWorldDirection(new Vector3()).negate()
    this.#plane.setFromNormalAndCoplanarPoint(normal, tool)
    this.#grabOffset.set(0, 0, 0)
    const grabbed = this.at(camera, pointer)
    if (grabbed !== null) this.#grabOffset.subVectors(tool, grabbed)
  }

  /** The point that the tool shall go to; null when the pointer looks past the plane. */
  at(camera: Camera, pointer: Vector2): Vector3 | null {
    this.#ray.setFromCamera(pointer, camera)
    const point = this.#ray.ray.intersectPlane(this.#plane, new Vector3())
    if (point === null) return null
    point.add(this.#grabOffset)
    point.z = Math.max(lowestM, point.z)
    return point
  }
}

/** A pointer event's place in normalised device coordinates. */
export function pointerIn(
  bounds: DOMRect,
  event: { readonly clientX: number; readonly clientY: number },
): Vector2 {
  return new Vector2(
    (2 * (event.clientX - bounds.left)) / bounds.width - 1,
    1 - (2 * (event.clientY - bounds.top)) / bounds.height,
  )
}
