/**
 * A follower drawn from nothing but its link frames, for arms that no simulator describes: every link as the bone between
 * its joints, every joint as a disc about its axis. Same shape as the simulator's description, so it is drawn alike.
 */
import {
  so101JawTipM,
  so101Links,
  so101ToolM,
  type So101LinkName,
  type Vec3,
} from '#core/arm/so101-geometry.ts'
import type { WorldDescription } from '#contract/services/sim.ts'

type Geom = WorldDescription['geoms'][number]
type Rgba = readonly [number, number, number, number]
type Quaternion = [number, number, number, number]

const print: Rgba = [0.92, 0.91, 0.88, 1]
const horn: Rgba = [0.5, 0.52, 0.55, 1]
const accent: Rgba = [0.95, 0.65, 0.15, 1]

const boneHalfM = 0.014
const jointRadiusM = 0.019
const jointHalfM = 0.02

/** Name of a link's body, as in the simulator. */
export const followerBody = (link: So101LinkName): string => `follower_${link}`

/** The turn that brings +z onto `direction`; w, x, y, z. */
export function turnFromZ([x, y, z]: Vec3): Quaternion {
  const length = Math.hypot(x, y, z)
  if (length === 0) return [1, 0, 0, 0]
  const w = 1 + z / length
  // Straight down: any half turn about a level axis.
  if (w < 1e-9) return [0, 1, 0, 0]
  const norm = Math.hypot(w, -y / length, x / length)
  return [w / norm, -y / length / norm, x / length / norm, 0]
}

function bone(name: string, body: number, from: Vec3, to: Vec3, rgba: Rgba, halfM = boneHalfM): Geom {
  const span: Vec3 = [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
  return {
    name,
    body,
    kind: 'box',
    size: [halfM, halfM, Math.max(halfM / 2, Math.hypot(...span) / 2)],
    position: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2],
    quaternion: turnFromZ(span),
    rgba: [...rgba],
  }
}

const disc = (name: string, body: number, axis: Vec3): Geom => ({
  name,
  body,
  kind: 'cylinder',
  size: [jointRadiusM, jointHalfM, 0],
  position: [0, 0, 0],
  quaternion: turnFromZ(axis),
  rgba: [...horn],
})

/** Bodies are the seven links in order. There is no table, no cube and no camera. */
export function so101Schematic(): WorldDescription {
  const geoms = so101Links.flatMap((link, body): Geom[] => {
    const children = so101Links.filter((other) => other.parent === link.name)
    const parts = children.map((child) =>
      bone(`${link.name}_${child.name}`, body, [0, 0, 0], child.offsetM, print),
    )
    if (link.joint !== null) parts.push(disc(`${link.name}_joint`, body, link.axis))
    if (link.name === 'base') parts.push(foot(body))
    if (link.name === 'gripper')
      parts.push(bone('finger', body, [0.02, 0, -0.0079], so101ToolM, accent, 0.007))
    if (link.name === 'moving_jaw') parts.push(bone('jaw', body, [0, 0, 0], so101JawTipM, accent, 0.007))
    return parts
  })
  return {
    bodies: so101Links.map((link) => ({ name: followerBody(link.name) })),
    geoms,
    cameras: [],
    jointNames: so101Links.flatMap((link) => (link.joint === null ? [] : [link.joint])),
  }
}

const foot = (body: number): Geom => ({
  name: 'foot',
  body,
  kind: 'box',
  size: [0.06, 0.048, 0.006],
  position: [0.012, 0, 0.006],
  quaternion: [1, 0, 0, 0],
  rgba: [...print],
})
