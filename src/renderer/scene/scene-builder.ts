/**
 * A three.js scene from the simulator's description: one draw per body, its shadow, wood for the table, soft light. World
 * frame as the simulator's, z up, metres. Positions change only through `applyPose`.
 */
import { type BufferGeometry, Group, type Matrix4, Mesh, PerspectiveCamera, Scene } from 'three'
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js'
import type { WorldDescription } from '#contract/services/sim.ts'
import { backdrop } from './backdrop.ts'
import { type Geom, geomGeometry, geomMatrix } from './geom-geometry.ts'
import { flatMaterial, paintMaterial, shadowMaterial, toLight } from './materials.ts'
import { flattenMatrix, PlanarShadow } from './planar-shadow.ts'
import { woodTable } from './wood-table.ts'

export interface SceneOptions {
  /** The studio wall behind the table; true by default. */
  readonly hasBackdrop?: boolean
  /** Leaves out bodies by name, e.g. the leader in the follower's twin. */
  readonly isShown?: (bodyName: string) => boolean
}

export interface WorldScene extends Disposable {
  readonly scene: Scene
  /** By body name; an unnamed or hidden body is absent. */
  readonly bodies: ReadonlyMap<string, Group>
  /** The camera that the description names so, or the follower's of that name; `aspect` is set by who renders. */
  camera(name: string): PerspectiveCamera | undefined
  /** `pose`: seven numbers a body, x y z qw qx qy qz, in the description's order. */
  applyPose(pose: ArrayLike<number>): void
  /** Moves single bodies, by name. */
  place(placed: ReadonlyMap<string, Matrix4>): void
}

const isTable = (geom: Geom): boolean => geom.name === 'table' || geom.kind === 'plane'

/** Height of the table's top, metres; 0 when there is none. */
function tableTopM(world: WorldDescription): number {
  const table = world.geoms.find(isTable)
  if (table === undefined) return 0
  return table.position[2] + (table.kind === 'box' ? table.size[2] : 0)
}

export function buildScene(world: WorldDescription, options: SceneOptions = {}): WorldScene {
  const scene = new Scene()
  const paint = paintMaterial()
  const shade = shadowMaterial(0.3)
  const flatten = flattenMatrix(toLight, tableTopM(world))
  const disposables: { dispose(): void }[] = [paint, shade]
  if (options.hasBackdrop !== false) {
    const flat = flatMaterial()
    const wall = backdrop(flat)
    disposables.push(wall.geometry, flat)
    scene.add(wall)
  }
  const groups: (Group | undefined)[] = []
  const shadows: PlanarShadow[] = []
  const bodies = new Map<string, Group>()
  const cameras = new Map<string, PerspectiveCamera>()

  world.bodies.forEach(({ name }, index) => {
    if (options.isShown?.(name) === false) return
    const group = new Group()
    group.name = name
    group.matrixAutoUpdate = false
    groups[index] = group
    bodies.set(name, group)
    scene.add(group)
    const painted: BufferGeometry[] = []
    const outlines: BufferGeometry[] = []
    for (const geom of world.geoms) {
      if (geom.body !== index || geom.rgba[3] === 0) continue
      if (!isTable(geom)) {
        painted.push(geomGeometry(geom))
        outlines.push(geomGeometry(geom, 'shadow'))
        continue
      }
      const table = woodTable(geom)
      disposables.push(table)
      group.add(table.mesh)
    }
    if (painted.length === 0) return
    const geometry = mergeGeometries(painted)
    const outline = mergeGeometries(outlines)
    for (const part of [...painted, ...outlines]) part.dispose()
    disposables.push(geometry, outline)
    group.add(new Mesh(geometry, paint))
    const shadow = new PlanarShadow(group, outline, shade, flatten)
    shadow.follow()
    shadows.push(shadow)
    scene.add(shadow.mesh)
  })

  for (const described of world.cameras) {
    const camera = new PerspectiveCamera(described.verticalFovDeg, 4 / 3, 0.008, 6)
    camera.applyMatrix4(geomMatrix(described))
    const parent = groups[described.body]
    if (parent === undefined) continue
    parent.add(camera)
    cameras.set(described.name, camera)
  }

  return {
    scene,
    bodies,
    camera: (name) => cameras.get(name) ?? cameras.get(`follower_${name}`),
    applyPose(pose) {
      const at = (index: number): number => pose[index] ?? 0
      groups.forEach((group, body) => {
        if (group === undefined || 7 * body + 6 >= pose.length) return
        const i = 7 * body
        group.position.set(at(i), at(i + 1), at(i + 2))
        group.quaternion.set(at(i + 4), at(i + 5), at(i + 6), at(i + 3))
        group.updateMatrix()
        group.matrixWorldNeedsUpdate = true
      })
      for (const shadow of shadows) shadow.follow()
    },
    place(placed) {
      for (const [name, matrix] of placed) {
        const group = bodies.get(name)
        if (group === undefined) continue
        group.matrix.copy(matrix)
        group.matrixWorldNeedsUpdate = true
      }
      for (const shadow of shadows) shadow.follow()
    },
    [Symbol.dispose]() {
      for (const item of disposables) item.dispose()
    },
  }
}
