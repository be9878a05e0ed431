/** Where the leader is, as a see-through second arm over the follower, while the two are apart. */
import { Group, Mesh, NormalBlending, type Object3D, RawShaderMaterial, GLSL3, Color } from 'three'
import { so101Links } from '#core/arm/so101-geometry.ts'
import type { WorldScene } from './scene-builder.ts'
import { followerBody } from './so101-schematic.ts'

function ghostMaterial(colour: Color): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    uniforms: { colour: { value: colour } },
    vertexShader: `precision highp float; uniform mat4 modelMatrix, viewMatrix, projectionMatrix;
      in vec3 position, normal; out float vEdge;
      void main() {
        vec4 seen = viewMatrix * modelMatrix * vec4(position, 1.0);
        vec3 n = normalize(mat3(viewMatrix) * mat3(modelMatrix) * normal);
        vEdge = 1.0 - abs(dot(n, normalize(seen.xyz)));
        gl_Position = projectionMatrix * seen;
      }`,
    fragmentShader: `precision highp float; uniform vec3 colour; in float vEdge; out vec4 pixel;
      void main() { pixel = vec4(colour, 0.16 + 0.4 * vEdge); }`,
    transparent: true,
    depthWrite: false,
    blending: NormalBlending,
  })
}

export class ArmGhost implements Disposable {
  readonly group = new Group()
  readonly #colour = new Color()
  readonly #material = ghostMaterial(this.#colour)
  readonly #links = new Map<string, Group>()

  /** Shares the follower's shapes. */
  constructor(world: WorldScene) {
    for (const { name } of so101Links) {
      // Both arms stand in the same place; two bases on one spot would flicker.
      if (name === 'base') continue
      const body = world.bodies.get(followerBody(name))
      const link = new Group()
      link.matrixAutoUpdate = false
      for (const part of body?.children ?? [])
        if (isMesh(part)) link.add(new Mesh(part.geometry, this.#material))
      this.#links.set(followerBody(name), link)
      this.group.add(link)
    }
    this.group.visible = false
  }

  setColour(colour: Color): void {
    this.#colour.copy(colour)
  }

  link(body: string): Group | undefined {
    return this.#links.get(body)
  }

  [Symbol.dispose](): void {
    this.#material.dispose()
  }
}

const isMesh = (object: Object3D): object is Mesh => object instanceof Mesh
