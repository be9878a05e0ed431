/**
 * Many bodies in one draw: their shapes are joined, and every corner knows which body moves it. A batch that a camera does
 * not see is not drawn for it.
 */
import {
  BufferAttribute,
  type BufferGeometry,
  GLSL3,
  Matrix4,
  Mesh,
  type RawShaderMaterial,
  Sphere,
  Vector3,
} from 'three'
import { mergeGeometries, mergeVertices } from 'three/addons/utils/BufferGeometryUtils.js'

export interface BodyShape {
  /** Index into the batch's matrices. */
  readonly body: number
  /** In the body's frame; taken over. All shapes of a batch have the same attributes. */
  readonly geometry: BufferGeometry
}

/** GLSL for a vertex shader: `bodyMatrix()` is the placement of this corner's body in the world. */
export const bodyMatrixGlsl = (bodies: number): string => `
  in float body;
  uniform mat4 bodies[${bodies}];
  mat4 bodyMatrix() { return bodies[int(body + 0.5)]; }`

export class BodyBatch implements Disposable {
  readonly mesh: Mesh
  readonly #material: RawShaderMaterial
  readonly #matrices: readonly Matrix4[]
  /** Around each body's shapes, in its frame. */
  readonly #reaches = new Map<number, Sphere>()
  readonly #bounds = new Sphere()

  /** `matrices` is read at every draw; change its members in place, then call `moved`. `material` must use `bodyMatrixGlsl`; taken over. */
  constructor(shapes: readonly BodyShape[], matrices: readonly Matrix4[], material: RawShaderMaterial) {
    material.glslVersion = GLSL3
    material.uniforms['bodies'] = { value: matrices }
    this.#material = material
    this.#matrices = matrices
    for (const { body, geometry } of shapes) {
      geometry.computeBoundingSphere()
      const sphere = geometry.boundingSphere ?? new Sphere()
      const known = this.#reaches.get(body)
      if (known === undefined) this.#reaches.set(body, sphere.clone())
      else known.union(sphere)
    }
    const geometry = joined(shapes)
    geometry.boundingSphere = this.#bounds
    this.mesh = new Mesh(geometry, material)
    this.mesh.matrixAutoUpdate = false
    this.moved()
  }

  /** The bodies moved: looks up how far they reach now. `onto` is where a shadow falls instead. */
  moved(onto?: Matrix4): void {
    const [centre, reach] = [new Vector3(), new Sphere()]
    this.#bounds.makeEmpty()
    for (const [body, sphere] of this.#reaches) {
      const matrix = this.#matrices[body]
      if (matrix === undefined) continue
      centre.copy(sphere.center).applyMatrix4(matrix)
      if (onto !== undefined) centre.applyMatrix4(onto)
      // A slanting light stretches a shadow; half as far again covers it.
      reach.set(centre, sphere.radius * (onto === undefined ? 1 : 1.5))
      this.#bounds.union(reach)
    }
  }

  [Symbol.dispose](): void {
    this.mesh.geometry.dispose()
    this.#material.dispose()
  }
}

/** As many matrices as bodies, all at the origin. */
export const bodyMatrices = (bodies: number): readonly Matrix4[] =>
  Array.from({ length: bodies }, () => new Matrix4())

/** One geometry in place of the shapes, with every corner that they share kept once. */
function joined(shapes: readonly BodyShape[]): BufferGeometry {
  for (const { body, geometry } of shapes) {
    const count = geometry.getAttribute('position').count
    geometry.setAttribute('body', new BufferAttribute(new Float32Array(count).fill(body), 1))
  }
  const whole = mergeGeometries(shapes.map(({ geometry }) => geometry))
  for (const { geometry } of shapes) geometry.dispose()
  const shared = mergeVertices(whole)
  whole.dispose()
  return shared
}
