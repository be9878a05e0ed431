/** The compiled scene as a list of things to draw, so that every picture shows exactly what the physics knows. */
import type { WorldDescription } from '#contract/services/sim.ts'
import { geomTypes, type NumberArray, type Physics } from '../physics/mujoco.ts'
import { jointNames } from './joints.ts'

export function describeWorld(physics: Physics): WorldDescription {
  const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
  return {
    bodies: indices(physics.bodyCount).map((index) => ({ name: physics.nameOf('body', index) })),
    geoms: indices(physics.geomCount).map((index) => ({
      name: physics.nameOf('geom', index),
      body: physics.model('geom_bodyid')[index] ?? 0,
      kind: geomKind(physics.model('geom_type')[index] ?? -1),
      size: triple(physics.model('geom_size'), index),
      position: triple(physics.model('geom_pos'), index),
      quaternion: quadruple(physics.model('geom_quat'), index),
      rgba: quadruple(physics.model('geom_rgba'), index),
    })),
    cameras: indices(physics.cameraCount).map((index) => ({
      name: physics.nameOf('camera', index),
      body: physics.model('cam_bodyid')[index] ?? 0,
      position: triple(physics.model('cam_pos'), index),
      quaternion: quadruple(physics.model('cam_quat'), index),
      verticalFovDeg: physics.model('cam_fovy')[index] ?? 45,
    })),
    jointNames: [...jointNames],
  }
}

/** @throws for a shape that scenes of ours do not use */
function geomKind(type: number): WorldDescription['geoms'][number]['kind'] {
  const kind = geomTypes[type as keyof typeof geomTypes]
  if (kind === undefined) throw new Error(`scene has a geom of type ${type}`)
  return kind
}

function triple(array: NumberArray, index: number): [number, number, number] {
  const at = index * 3
  return [array[at] ?? 0, array[at + 1] ?? 0, array[at + 2] ?? 0]
}

function quadruple(array: NumberArray, index: number): [number, number, number, number] {
  const at = index * 4
  return [array[at] ?? 0, array[at + 1] ?? 0, array[at + 2] ?? 0, array[at + 3] ?? 0]
}
