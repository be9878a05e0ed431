/**
 * Shadows on the table by flattening each body onto it along the light: sharp, cheap without a graphics card, and the same
 * on every machine, so that a picture recorded here looks like one recorded there.
 */
import { type BufferGeometry, type Material, Matrix4, Mesh, type Object3D, type Vector3 } from 'three'

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

/** The shadow of one body; call `follow` after the body moved. */
export class PlanarShadow {
  readonly mesh: Mesh
  readonly #flatten: Matrix4
  readonly #body: Object3D

  constructor(body: Object3D, geometry: BufferGeometry, material: Material, flatten: Matrix4) {
    this.mesh = new Mesh(geometry, material)
    this.mesh.matrixAutoUpdate = false
    // Flattening slants, so a shadow reaches further than the sphere around its body.
    geometry.computeBoundingSphere()
    if (geometry.boundingSphere !== null) geometry.boundingSphere.radius *= 1.5
    this.#flatten = flatten
    this.#body = body
  }

  follow(): void {
    this.mesh.matrix.multiplyMatrices(this.#flatten, this.#body.matrix)
    this.mesh.matrixWorldNeedsUpdate = true
  }
}
