/** Where the fingertips will go: round dots, as a plan is drawn everywhere (UI.md §9). */
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  GLSL3,
  type Matrix4,
  Points,
  RawShaderMaterial,
  Vector3,
} from 'three'

const mostDots = 64
const dotPixels = 4

export class GripPath implements Disposable {
  readonly points: Points
  readonly #places = new BufferAttribute(new Float32Array(3 * mostDots), 3)
  readonly #geometry = new BufferGeometry()
  readonly #colour = new Color()
  readonly #material: RawShaderMaterial

  constructor() {
    this.#geometry.setAttribute('position', this.#places)
    this.#geometry.setDrawRange(0, 0)
    this.#material = new RawShaderMaterial({
      uniforms: { colour: { value: this.#colour }, size: { value: dotPixels } },
      vertexShader: `precision highp float; uniform mat4 modelViewMatrix, projectionMatrix; uniform float size;
        in vec3 position;
        void main() {
          gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0));
          gl_PointSize = size;
        }`,
      fragmentShader: `precision highp float; uniform vec3 colour; out vec4 pixel;
        void main() {
          if (length(gl_PointCoord - 0.5) > 0.5) discard;
          pixel = vec4(colour, 1.0);
        }`,
      glslVersion: GLSL3,
      transparent: true,
      depthTest: false,
    })
    this.points = new Points(this.#geometry, this.#material)
    this.points.frustumCulled = false
  }

  setColour(colour: Color): void {
    this.#colour.copy(colour)
  }

  setPixelRatio(ratio: number): void {
    const { size } = this.#material.uniforms
    if (size !== undefined) size.value = dotPixels * ratio
  }

  /** Tool poses in order; more than fit are thinned evenly, the last one is kept. */
  set(poses: readonly Matrix4[]): void {
    const place = new Vector3()
    const chosen = thinned(poses, mostDots)
    chosen.forEach((pose, index) => {
      place.setFromMatrixPosition(pose)
      this.#places.setXYZ(index, place.x, place.y, place.z)
    })
    this.#places.needsUpdate = true
    this.#geometry.setDrawRange(0, chosen.length)
  }

  [Symbol.dispose](): void {
    this.#geometry.dispose()
    this.#material.dispose()
  }
}

/** At most `most` of them, evenly, with the last one. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, index) => {
    const at = Math.round((index * (items.length - 1)) / (most - 1))
    return items[at] as T
  })
}
