/**
 * Inverse kinematics of the SO-101 by damped least squares (Levenberg–Marquardt), inside the joint limits. Deterministic:
 * the same target and start give the same answer, near the start when one exists there.
 */
import type { ArmProfile, JointVector } from './arm-profile.ts'
import { fail, ok, type Result } from '../result.ts'
import { gripperPitchRad, linkPoses, toolPose } from './kinematics.ts'
import { cross, rotate, subtract } from './rotation.ts'
import { solveSymmetric } from './solve-symmetric.ts'
import { so101Links, type Vec3 } from './so101-geometry.ts'

export interface ToolTarget {
  /** Where the end of the fixed finger shall be, base frame. */
  readonly positionM: Vec3
  /** Wanted `gripperPitchRad`; free when absent. */
  readonly pitchRad?: number
  /** Wanted angle of wrist_roll; kept near the start when absent. */
  readonly rollRad?: number
}

const positionToleranceM = 0.0005
const angleToleranceRad = 0.005
/** An angle error of one radian weighs as much as this many metres: about the length of the gripper. */
const angleWeightM = 0.1
/** Keeps free directions near the start without pulling the tool off its target by more than micrometres. */
const stayWeightM = 1e-4
const maxSteps = 80
const armJoints = 5

/** Bent, reaching, folded and low poses to start from when the given start leads nowhere. Pan comes from the target. */
const startPoses: readonly JointVector[] = [
  [0, -0.6, 0.9, 1.2, 0],
  [0, 0.6, -0.4, 1.2, 0],
  [0, 0.2, 0.3, 0, 0],
  [0, -1.2, 1.4, 0.5, 0],
  [0, -1.4, 1.3, 1.6, 0],
  [0, 1, 0.4, -0.8, 0],
  [0, 0.5, -1.3, -1, 0],
  [0, -1.2, -1, 0.8, 0],
  [0, 1.4, 1.3, 0.8, 0],
  [0, -0.5, 1.4, -1.3, 0],
]

/**
 * Joint angles that bring the tool to the target; the gripper's opening is taken from `start`.
 * @param start joint vector in program units, also the preferred neighbourhood
 * @returns `sim/unreachable-pose` with the smallest distance reached when no start leads within half a millimetre
 */
export function solveTool(profile: ArmProfile, target: ToolTarget, start: JointVector): Result<JointVector> {
  const towards = panTowards(target.positionM)
  // Behind the base the arm reaches over its own shoulder, with the pan pointing away from the target.
  const pans = [towards, towards > 0 ? towards - Math.PI : towards + Math.PI]
  const roll = target.rollRad ?? start[4] ?? 0
  const starts = pans.flatMap((panRad) =>
    startPoses.map((pose) => [panRad, ...pose.slice(1, 4), roll, start[5] ?? 0]),
  )
  let closest = Infinity
  for (const from of [start, ...starts]) {
    const result = solveToolNear(profile, target, from)
    if (result.ok) return result
    closest = Math.min(closest, Number(result.error.data?.['distanceM']))
  }
  return unreachable(closest)
}

/** As `solveTool`, from `start` alone: quick, and never another branch of the solution. */
export function solveToolNear(
  profile: ArmProfile,
  target: ToolTarget,
  start: JointVector,
): Result<JointVector> {
  const position = descend(profile, target, start)
  const distanceM = Math.hypot(...subtract(target.positionM, toolPose(position).positionM))
  return distanceM <= positionToleranceM && isAngled(target, position) ? ok(position) : unreachable(distanceM)
}

const unreachable = (distanceM: number): Result<never> =>
  fail('sim/unreachable-pose', 'no pose of the arm brings the gripper there', { distanceM })

function descend(profile: ArmProfile, target: ToolTarget, from: JointVector): JointVector {
  const preferred = clamp(profile, from)
  let position = preferred
  let error = residual(target, position, preferred)
  let cost = squared(error)
  let damping = 1e-3
  for (let step = 0; step < maxSteps && cost > 1e-12 && damping < 1e3; step += 1) {
    const next = clamp(profile, move(position, stepOf(target, position, error, damping, profile)))
    const nextError = residual(target, next, preferred)
    const nextCost = squared(nextError)
    if (nextCost < cost) {
      const isSettled = cost - nextCost < 1e-14
      ;[position, error, cost, damping] = [next, nextError, nextCost, Math.max(damping / 5, 1e-9)]
      if (isSettled) break
    } else damping *= 4
  }
  return position
}

/** Rows: tool position (3), pitch, roll, then one per joint that draws it to the preferred pose. */
function residual(target: ToolTarget, position: JointVector, preferred: JointVector): readonly number[] {
  const pitch = target.pitchRad === undefined ? 0 : target.pitchRad - gripperPitchRad(position)
  const roll = target.rollRad === undefined ? 0 : target.rollRad - (position[4] ?? 0)
  const stay = Array.from(
    { length: armJoints },
    (_, j) => ((preferred[j] ?? 0) - (position[j] ?? 0)) * stayWeightM,
  )
  const away = subtract(target.positionM, toolPose(position).positionM)
  return [...away, pitch * angleWeightM, roll * angleWeightM, ...stay]
}

/** The derivative of −residual by each joint, as columns. */
function jacobian(target: ToolTarget, position: JointVector): readonly (readonly number[])[] {
  const poses = linkPoses(position)
  const tool = toolPose(position).positionM
  return so101Links.slice(1, 1 + armJoints).map((link, j) => {
    const pose = poses[link.name]
    const axis = rotate(pose.rotation, link.axis)
    const isPitch = j >= 1 && j <= 3 && target.pitchRad !== undefined
    const isRoll = j === 4 && target.rollRad !== undefined
    const stay = Array.from({ length: armJoints }, (_, k) => (k === j ? stayWeightM : 0))
    return [
      ...cross(axis, subtract(tool, pose.positionM)),
      isPitch ? angleWeightM : 0,
      isRoll ? angleWeightM : 0,
      ...stay,
    ]
  })
}

function stepOf(
  target: ToolTarget,
  position: JointVector,
  error: readonly number[],
  damping: number,
  profile: ArmProfile,
): readonly number[] {
  const columns = jacobian(target, position)
  const gradient = columns.map((column) => dot(column, error))
  // A joint that stands at its limit and is pushed against it takes no part, or the others would stop short for it.
  const isFree = gradient.map((slope, j) => {
    const joint = profile.joints[j]
    const value = position[j] ?? 0
    if (joint === undefined) return false
    return !((slope > 0 && value >= joint.upper) || (slope < 0 && value <= joint.lower))
  })
  const matrix = columns.map((column, i) =>
    columns.map((other, j) => {
      if (i === j) return isFree[i] === true ? dot(column, column) + damping * 0.01 : 1
      return isFree[i] === true && isFree[j] === true ? dot(column, other) : 0
    }),
  )
  return solveSymmetric(
    matrix,
    gradient.map((slope, j) => (isFree[j] === true ? slope : 0)),
  )
}

/** Positive pan turns right, and the pan axis stands in front of the base's origin. */
function panTowards([x, y]: Vec3): number {
  const shoulderX = so101Links[1]?.offsetM[0] ?? 0
  return -Math.atan2(y, x - shoulderX)
}

const isAngled = (target: ToolTarget, position: JointVector): boolean =>
  (target.pitchRad === undefined ||
    Math.abs(target.pitchRad - gripperPitchRad(position)) <= angleToleranceRad) &&
  (target.rollRad === undefined || Math.abs(target.rollRad - (position[4] ?? NaN)) <= angleToleranceRad)

const move = (position: JointVector, step: readonly number[]): JointVector =>
  position.map((value, j) => value + (step[j] ?? 0))

const clamp = (profile: ArmProfile, position: JointVector): JointVector =>
  profile.joints.map((joint, j) => Math.min(Math.max(position[j] ?? 0, joint.lower), joint.upper))

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)

const squared = (error: readonly number[]): number => dot(error, error)
