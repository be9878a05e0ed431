/** Where the leader is, as a see-through second arm over the follower, while the two are apart. */
import { Color, type Matrix4, type Mesh, RawShaderMaterial } from 'three'
import type { WorldDescription } from '#contract/services/sim.ts'
import { so101Links } from '#core/arm/so101-geometry.ts'
import { BodyBatch, bodyMatrices, bodyMatrixGlsl } from './body-batch.ts'
import { geomGeometry } from './geom-geometry.ts'
import { followerBody } from './so101-schematic.ts'

const ghostMaterial = (bodies: number, colour: Color): RawShaderMaterial =>
  new RawShaderMaterial({
    uniforms: { colour: { value: colour } },
    vertexShader: `precision highp float; uniform mat4 viewMatrix, projectionMatrix; ${bodyMatrixGlsl(bodies)}
      in vec3 position, normal; out float vEdge;
      void main() {
        vec4 seen = viewMatrix * (bodyMatrix() * vec4(position, 1.0));
        vec3 n = mat3(viewMatrix) * (mat3(bodyMatrix()) * normal);
        vEdge = 1.0 - abs(dot(n, normalize(seen.xyz)));
        gl_Position = projectionMatrix * seen;
      }`,
    fragmentShader: `precision highp float; uniform vec3 colour; in float vEdge; out vec4 pixel;
      void main() { pixel = vec4(colour, 0.16 + 0.4 * vEdge); }`,
    transparent: true,
    depthWrite: false,
  })

export class ArmGhost implements Disposable {
  readonly mesh: Mesh
  readonly #colour = new Color()
  readonly #matrices: readonly Matrix4[]
  readonly #indices: ReadonlyMap<string, number>
  readonly #batch: BodyBatch

  /** Has the follower's shapes, except its base: both arms stand in the same place, and two bases on one spot would flicker. */
  constructor(world: WorldDescription) {
    const links = so101Links
      .map(({ name }) => followerBody(name))
      .filter((name) => name !== followerBody('base'))
    this.#indices = new Map(links.map((name, index) => [name, index]))
    this.#matrices = bodyMatrices(links.length)
    const shapes = world.geoms.flatMap((geom) => {
      const body = this.#indices.get(world.bodies[geom.body]?.name ?? '')
      if (body === undefined) return []
      return [{ body, geometry: geomGeometry(geom).deleteAttribute('color') }]
    })
    this.#batch = new BodyBatch(shapes, this.#matrices, ghostMaterial(links.length, this.#colour))
    this.mesh = this.#batch.mesh
    this.mesh.visible = false
  }

  setColour(colour: Color): void {
    this.#colour.copy(colour)
  }

  /** By body name. */
  place(placed: ReadonlyMap<string, Matrix4>): void {
    for (const [name, matrix] of placed) this.#matrices[this.#indices.get(name) ?? -1]?.copy(matrix)
    this.#batch.moved()
  }

  [Symbol.dispose](): void {
    this.#batch[Symbol.dispose]()
  }
}
