/** Cameras of the scene, placed by where they look. */
import { cross, subtract } from '#core/arm/rotation.ts'
import type { Vec3 } from '#core/arm/so101-geometry.ts'
import { type Element, element } from './mjcf.ts'

/**
 * A camera at a point that looks at another. MuJoCo's cameras look along their −z, with x to the right and y up.
 * @param up the direction that shall appear upright; not parallel to the view
 */
export function camera(
  name: string,
  position: Vec3,
  target: Vec3,
  up: Vec3,
  verticalFovDeg: number,
): Element {
  const back = unit(subtract(position, target))
  const right = unit(cross(up, back))
  return element('camera', {
    name,
    pos: position,
    xyaxes: [...right, ...cross(back, right)],
    fovy: verticalFovDeg,
  })
}

function unit([x, y, z]: Vec3): Vec3 {
  const length = Math.hypot(x, y, z)
  return [x / length, y / length, z / length]
}
