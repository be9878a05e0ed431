/**
 * Shadows on the table by flattening each body onto it along the light: sharp, cheap without a graphics card, and the same
 * on every machine, so that a picture recorded here looks like one recorded there.
 */
import { Matrix4, type Vector3 } from 'three'

/** Height above the table at which shadows lie, against flicker; metres. */
const liftM = 0.0006

/** Maps world points onto the plane z = `heightM`, along parallel rays that come from `toLight`. */
export function flattenMatrix(toLight: Vector3, heightM: number): Matrix4 {
  const [kx, ky] = [toLight.x / toLight.z, toLight.y / toLight.z]
  const z = heightM + liftM
  // prettier-ignore
  return new Matrix4().set(
    1, 0, -kx, kx * z,
    0, 1, -ky, ky * z,
    0, 0, 0, z,
    0, 0, 0, 1,
  )
}
