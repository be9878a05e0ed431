/**
 * Where a hand holds the gripper to grasp or drop something: tool poses in the follower's base frame. Chosen so that they can
 * be reached: straight down where possible, tilted towards the arm's far reach.
 */
import type { ToolTarget } from '#core/arm/inverse-kinematics.ts'
import { so101Links, so101ToolM, type Vec3 } from '#core/arm/so101-geometry.ts'
import { joints } from '../scene/joints.ts'
import { cubeHalfM } from '../scene/layout.ts'

const offset = (name: string): Vec3 => so101Links.find((link) => link.name === name)?.offsetM ?? [0, 0, 0]

/** The arm in the vertical plane of its pan angle: shoulder, two links, and the hand from wrist to tool. */
const [panX, , panZ] = offset('shoulder')
const [liftX, , liftZ] = offset('upper_arm')
const [elbowX, , elbowZ] = offset('lower_arm')
const [wristX, , wristZ] = offset('wrist')
const handLengthM = offset('gripper')[0] + so101ToolM[0]
const handDropM = -so101ToolM[2]
const upperLengthM = Math.hypot(elbowX, elbowZ)
const foreLengthM = Math.hypot(wristX, wristZ)
/** Forearm's slope in the zero pose. */
const foreSlopeRad = Math.atan2(wristZ, wristX)
/** A little short of the stretched arm, where small motions need large angles. */
const reachM = (upperLengthM + foreLengthM) * 0.985
/** Most that the wrist bends down, with a margin. */
const mostWristRad = (joints.find(({ name }) => name === 'wrist_flex')?.upper ?? 0) - 0.05

const steepestRad = Math.PI / 2
const flattestRad = 0.6
const pitchStepRad = 0.04
/** The fixed finger goes down this far beside the cube before it closes up. */
const sideGapM = 0.005
/** Fingertip above the table. */
const tipHeightM = 0.005

/** The steepest gripper pitch at which the arm reaches the point. */
export function steepestPitchRad([x, y, z]: Vec3): number {
  const radial = Math.hypot(x - panX, y)
  let pitch = steepestRad
  while (pitch > flattestRad && !isReached(radial, z, pitch)) pitch -= pitchStepRad
  return pitch
}

/** Whether the wrist can be where this pitch needs it: two links with the elbow up, and a wrist that bends only so far. */
function isReached(radial: number, z: number, pitch: number): boolean {
  const wristRadial = radial - handLengthM * Math.cos(pitch) + handDropM * Math.sin(pitch) - liftX
  const wristHeight = z + handLengthM * Math.sin(pitch) + handDropM * Math.cos(pitch) - panZ - liftZ
  const span = Math.hypot(wristRadial, wristHeight)
  if (span > reachM) return false
  const atWrist = (span ** 2 + foreLengthM ** 2 - upperLengthM ** 2) / (2 * span * foreLengthM)
  const foreElevation = Math.atan2(wristHeight, wristRadial) - Math.acos(Math.min(1, Math.max(-1, atWrist)))
  return pitch + foreElevation - foreSlopeRad <= mostWristRad
}

/** Direction, seen from above, in which the arm points at a place. */
const bearingRad = ([x, y]: Vec3): number => Math.atan2(y, x - panX)

/**
 * The tool pose for grasping a cube: jaws square to its nearest faces, the fixed finger just beside the near one.
 * @param liftM how far above the grasp the hand is
 * @param pushM moves the hand outwards, so that the finger closes the gap
 */
export function graspTarget(cube: Vec3, yawRad: number, liftM: number, pushM = 0): ToolTarget {
  const bearing = bearingRad(cube)
  const quarter = Math.PI / 2
  const turn = yawRad - bearing
  const rollRad = turn - quarter * Math.round(turn / quarter)
  const closing = bearing + rollRad
  const back = cubeHalfM + sideGapM - pushM
  const positionM: Vec3 = [
    cube[0] - back * Math.cos(closing),
    cube[1] - back * Math.sin(closing),
    cube[2] - cubeHalfM + tipHeightM + liftM,
  ]
  return { positionM, rollRad, pitchRad: steepestPitchRad(positionM) }
}

/** The tool pose for letting go over a place. */
export function dropTarget([x, y]: readonly [number, number], heightM: number): ToolTarget {
  const positionM: Vec3 = [x, y, heightM]
  return { positionM, rollRad: 0, pitchRad: steepestPitchRad(positionM) }
}
