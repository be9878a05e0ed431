/**
 * A three.js scene from the simulator's description: each arm and the rest in one draw and their shadows in another,
 * wood for the table, soft light. World frame as the simulator's, z up, metres. Positions change only through `applyPose` and `place`.
 */
import { Group, type Matrix4, PerspectiveCamera, Quaternion, Scene, Vector3 } from 'three'
import type { WorldDescription } from '#contract/services/sim.ts'
import { backdrop } from './backdrop.ts'
import { BodyBatch, bodyMatrices } from './body-batch.ts'
import { flattenMatrix } from './flatten.ts'
import { type Geom, geomGeometry, geomMatrix } from './geom-geometry.ts'
import { flatMaterial, paintMaterial, shadowMaterial, toLight } from './materials.ts'
import { woodTable } from './wood-table.ts'

export interface SceneOptions {
  /** The studio wall behind the table; true by default. */
  readonly hasBackdrop?: boolean
  /** Leaves out bodies by name, e.g. the leader in the follower's twin. */
  readonly isShown?: (bodyName: string) => boolean
}

export interface WorldScene extends Disposable {
  readonly scene: Scene
  /** Where each body is, in the description's order; read them, change them through the methods below. */
  readonly matrices: readonly Matrix4[]
  /** The camera that the description names so, or the follower's of that name; `aspect` is set by who renders. */
  camera(name: string): PerspectiveCamera | undefined
  /** `pose`: seven numbers a body, x y z qw qx qy qz, in the description's order. Bodies that it lacks stay. */
  applyPose(pose: ArrayLike<number>): void
  /** Moves single bodies, by name. */
  place(placed: ReadonlyMap<string, Matrix4>): void
}

const shadowStrength = 0.3

export const isTable = (geom: Geom): boolean => geom.name === 'table' || geom.kind === 'plane'

/** Height of the table's top, metres; 0 when there is none. */
function tableTopM(world: WorldDescription): number {
  const table = world.geoms.find(isTable)
  if (table === undefined) return 0
  return table.position[2] + (table.kind === 'box' ? table.size[2] : 0)
}

/** The two arms and all other things: a camera rarely sees all three, and each is left out as a whole. */
function groupsOf(world: WorldDescription, geoms: readonly Geom[]): readonly (readonly Geom[])[] {
  const groupOf = (geom: Geom): string =>
    /^(?:leader|follower)_/u.exec(world.bodies[geom.body]?.name ?? '')?.[0] ?? ''
  return [...Map.groupBy(geoms, groupOf).values()]
}

export function buildScene(world: WorldDescription, options: SceneOptions = {}): WorldScene {
  const scene = new Scene()
  const matrices = bodyMatrices(world.bodies.length)
  const disposables: Disposable[] = []
  const isShown = (geom: Geom): boolean =>
    geom.rgba[3] > 0 && options.isShown?.(world.bodies[geom.body]?.name ?? '') !== false

  if (options.hasBackdrop !== false) {
    const wall = backdrop(flatMaterial())
    disposables.push(wall)
    scene.add(wall.mesh)
  }
  for (const geom of world.geoms.filter((geom) => isTable(geom) && isShown(geom))) {
    const table = woodTable(geom)
    disposables.push(table)
    scene.add(table.mesh)
  }
  const flatten = flattenMatrix(toLight, tableTopM(world))
  const solids = world.geoms.filter((geom) => !isTable(geom) && isShown(geom))
  const batches = groupsOf(world, solids).map((group) => {
    const shapes = (detail: 'surface' | 'shadow') =>
      group.map((geom) => ({ body: geom.body, geometry: geomGeometry(geom, detail) }))
    const paint = paintMaterial(matrices.length)
    const shade = shadowMaterial(matrices.length, flatten, shadowStrength)
    const surfaces = new BodyBatch(shapes('surface'), matrices, paint)
    const shadows = new BodyBatch(shapes('shadow'), matrices, shade)
    // Before table and wall, which then need not be shaded where a body hides them.
    surfaces.mesh.renderOrder = -1
    disposables.push(surfaces, shadows)
    scene.add(surfaces.mesh, shadows.mesh)
    return { surfaces, shadows }
  })

  const mounts = new Map<number, Group>()
  const cameras = new Map<string, PerspectiveCamera>()
  for (const described of world.cameras) {
    const camera = new PerspectiveCamera(described.verticalFovDeg, 4 / 3, 0.008, 6)
    camera.applyMatrix4(geomMatrix(described))
    const mount = mounts.get(described.body) ?? new Group()
    mount.matrixAutoUpdate = false
    mount.add(camera)
    mounts.set(described.body, mount)
    scene.add(mount)
    cameras.set(described.name, camera)
  }
  const moved = (): void => {
    for (const { surfaces, shadows } of batches) {
      surfaces.moved()
      shadows.moved(flatten)
    }
    for (const [body, mount] of mounts) {
      const matrix = matrices[body]
      if (matrix !== undefined) mount.matrix.copy(matrix)
      mount.matrixWorldNeedsUpdate = true
    }
  }

  const indices = new Map(world.bodies.map(({ name }, index) => [name, index]))
  const [position, turn, scale] = [new Vector3(), new Quaternion(), new Vector3(1, 1, 1)]
  return {
    scene,
    matrices,
    camera: (name) => cameras.get(name) ?? cameras.get(`follower_${name}`),
    applyPose(pose) {
      const at = (index: number): number => pose[index] ?? 0
      matrices.forEach((matrix, body) => {
        const i = 7 * body
        if (i + 6 >= pose.length) return
        position.set(at(i), at(i + 1), at(i + 2))
        turn.set(at(i + 4), at(i + 5), at(i + 6), at(i + 3))
        matrix.compose(position, turn, scale)
      })
      moved()
    },
    place(placed) {
      for (const [name, matrix] of placed) matrices[indices.get(name) ?? -1]?.copy(matrix)
      moved()
    },
    [Symbol.dispose]() {
      for (const item of disposables) item[Symbol.dispose]()
    },
  }
}
