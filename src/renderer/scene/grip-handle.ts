/** The ring at the fingertips by which the simulated leader is dragged. */
import { Color, GLSL3, Matrix4, Mesh, RawShaderMaterial, TorusGeometry, Vector3 } from 'three'

export type GripState = 'hidden' | 'idle' | 'hover' | 'dragging' | 'refused'

const opacities: Readonly<Record<GripState, number>> = {
  hidden: 0,
  idle: 0.5,
  hover: 0.85,
  dragging: 1,
  refused: 0.35,
}

export class GripHandle implements Disposable {
  readonly mesh: Mesh
  readonly #material: RawShaderMaterial
  readonly #colour = new Color()
  #state: GripState = 'hidden'

  constructor() {
    this.#material = new RawShaderMaterial({
      glslVersion: GLSL3,
      uniforms: { colour: { value: this.#colour }, opacity: { value: 0 } },
      vertexShader: `precision highp float; uniform mat4 modelViewMatrix, projectionMatrix; in vec3 position;
        void main() { gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0)); }`,
      fragmentShader: `precision highp float; uniform vec3 colour; uniform float opacity; out vec4 pixel;
        void main() { pixel = vec4(colour, opacity); }`,
      transparent: true,
      depthTest: false,
      depthWrite: false,
    })
    this.mesh = new Mesh(new TorusGeometry(0.022, 0.0022, 8, 40), this.#material)
    this.mesh.matrixAutoUpdate = false
    this.mesh.renderOrder = 5
    this.mesh.visible = false
  }

  get state(): GripState {
    return this.#state
  }

  set state(state: GripState) {
    this.#state = state
    this.mesh.visible = state !== 'hidden'
    const { opacity } = this.#material.uniforms
    if (opacity !== undefined) opacity.value = opacities[state]
  }

  setColour(colour: Color): void {
    this.#colour.copy(colour)
  }

  /** To the tool's placement; the ring lies across the way the fingers point. */
  moveTo(tool: Matrix4): void {
    this.mesh.matrix.copy(tool).multiply(acrossX)
    this.mesh.matrixWorldNeedsUpdate = true
  }

  get position(): Vector3 {
    return new Vector3().setFromMatrixPosition(this.mesh.matrix)
  }

  [Symbol.dispose](): void {
    this.mesh.geometry.dispose()
    this.#material.dispose()
  }
}

/** A torus lies in its xy plane; the tool points along x. */
const acrossX = new Matrix4().makeRotationY(Math.PI / 2)
