/** The floor of the twin: thin lines every five centimetres that fade with distance. */
import { Color, GLSL3, Mesh, PlaneGeometry, RawShaderMaterial } from 'three'

export class FloorGrid implements Disposable {
  readonly mesh: Mesh
  readonly #material: RawShaderMaterial
  readonly #colour = new Color()

  constructor() {
    this.#material = new RawShaderMaterial({
      glslVersion: GLSL3,
      uniforms: { colour: { value: this.#colour } },
      vertexShader: `precision highp float; uniform mat4 modelViewMatrix, projectionMatrix;
        in vec3 position; out vec2 vAt;
        void main() { vAt = position.xy; gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0)); }`,
      fragmentShader: `precision highp float; uniform vec3 colour; in vec2 vAt; out vec4 pixel;
        void main() {
          vec2 cell = vAt / 0.05;
          vec2 width = fwidth(cell);
          vec2 line = 1.0 - smoothstep(vec2(0.0), 1.4 * width, abs(fract(cell - 0.5) - 0.5));
          float fade = 1.0 - smoothstep(0.15, 0.6, length(vAt - vec2(0.15, 0.0)));
          pixel = vec4(colour, 0.3 * max(line.x, line.y) * fade);
        }`,
      transparent: true,
      depthWrite: false,
    })
    this.mesh = new Mesh(new PlaneGeometry(1.6, 1.6), this.#material)
    this.mesh.renderOrder = -1
  }

  setColour(colour: Color): void {
    this.#colour.copy(colour)
  }

  [Symbol.dispose](): void {
    this.mesh.geometry.dispose()
    this.#material.dispose()
  }
}
