/**
 * A hand that draws the leader's gripper towards a point, or nudges it: small damped least-squares steps from where it is.
 * Never fails and never jumps: towards a place out of reach it goes as near as the joints allow.
 */
import type { JointVector } from '#core/arm/arm-profile.ts'
import { gripperPitchRad, toolPose } from '#core/arm/kinematics.ts'
import { solveSymmetric } from '#core/arm/solve-symmetric.ts'
import type { Vec3 } from '#core/arm/so101-geometry.ts'
import { anglesOf, joints } from '../scene/joints.ts'
import type { HandPlan } from './leader-hand.ts'

export interface DragTarget {
  readonly position: Vec3
  readonly pitchRad?: number | undefined
  readonly rollRad?: number | undefined
}

export interface HandStep {
  readonly delta: Vec3
  readonly pitchRad: number
  readonly rollRad: number
  readonly gripper: number
}

interface Wish {
  position: Vec3
  pitchRad: number
  rollRad: number
  gripper: number
}

const solveEveryUs = 8000
const armJoints = 5
const angleWeightM = 0.1
const damping = 2e-4
/** One step draws the tool by at most this much, so that far targets are approached on a straight line. */
const stepM = 0.02
const stepRad = 0.12
const differenceRad = 1e-4
/** Nudging into a limit stops here instead of piling up. */
const mostLeadM = 0.03

export class DragPlan implements HandPlan {
  #position: JointVector
  #wish: Wish
  #solvedUs = -Infinity

  /** @param position where the hand holds the leader now, program units */
  constructor(position: JointVector) {
    this.#position = clamp(position)
    this.#wish = poseOf(this.#position)
  }

  /** Draws the tool to a point; pitch and roll stay as wished before where absent. */
  dragTo({ position, pitchRad, rollRad }: DragTarget): void {
    this.#wish = {
      ...this.#wish,
      position,
      pitchRad: pitchRad ?? this.#wish.pitchRad,
      rollRad: rollRad ?? this.#wish.rollRad,
    }
  }

  jog({ delta, pitchRad, rollRad, gripper }: HandStep): void {
    const wish = this.#wish
    const here = toolPose(this.#position).positionM
    const lead = ([0, 1, 2] as const).map((k) => {
      const ahead = wish.position[k] + delta[k] - here[k]
      return here[k] + Math.min(mostLeadM, Math.max(-mostLeadM, ahead))
    })
    this.#wish = {
      position: [lead[0] ?? 0, lead[1] ?? 0, lead[2] ?? 0],
      pitchRad: wish.pitchRad + pitchRad,
      rollRad: clampTo(4, wish.rollRad + rollRad),
      gripper: clampTo(5, wish.gripper + gripper),
    }
  }

  anglesRad(simTimeUs: number): readonly number[] {
    if (simTimeUs - this.#solvedUs >= solveEveryUs) {
      this.#solvedUs = simTimeUs
      this.#position = stepTowards(this.#position, this.#wish)
    }
    return anglesOf(this.#position)
  }
}

function stepTowards(position: JointVector, wish: Wish): JointVector {
  const error = errorOf(position, wish)
  const columns = Array.from({ length: armJoints }, (_, j) => {
    const moved = position.map((value, k) => (k === j ? value + differenceRad : value))
    const ahead = errorOf(moved, wish)
    return error.map((value, row) => (value - (ahead[row] ?? 0)) / differenceRad)
  })
  const short = shortened(error)
  const gradient = columns.map((column) => dot(column, short))
  // A joint at its limit that is pushed against it takes no part, or the others would stop short for it.
  const isFree = gradient.map((slope, j) => {
    const [joint, value] = [joints[j], position[j] ?? 0]
    return joint !== undefined && !(slope > 0 ? value >= joint.upper : value <= joint.lower)
  })
  const matrix = columns.map((column, i) =>
    columns.map((other, j) => {
      if (i === j) return isFree[i] === true ? dot(column, column) + damping : 1
      return isFree[i] === true && isFree[j] === true ? dot(column, other) : 0
    }),
  )
  const step = solveSymmetric(
    matrix,
    gradient.map((slope, j) => (isFree[j] === true ? slope : 0)),
  )
  const moved = position.map((value, j) => value + Math.min(stepRad, Math.max(-stepRad, step[j] ?? 0)))
  return clamp([...moved.slice(0, armJoints), wish.gripper])
}

/** Tool position, pitch and roll still to go, in metres and weighted radians. */
function errorOf(position: JointVector, wish: Wish): number[] {
  const tool = toolPose(position).positionM
  return [
    wish.position[0] - tool[0],
    wish.position[1] - tool[1],
    wish.position[2] - tool[2],
    (wish.pitchRad - gripperPitchRad(position)) * angleWeightM,
    (wish.rollRad - (position[4] ?? 0)) * angleWeightM,
  ]
}

function shortened(error: readonly number[]): number[] {
  const length = Math.hypot(...error)
  return length <= stepM ? [...error] : error.map((value) => (value * stepM) / length)
}

const poseOf = (position: JointVector): Wish => ({
  position: toolPose(position).positionM,
  pitchRad: gripperPitchRad(position),
  rollRad: position[4] ?? 0,
  gripper: position[5] ?? 0,
})

const clampTo = (index: number, value: number): number => {
  const joint = joints[index]
  return joint === undefined ? value : Math.min(joint.upper, Math.max(joint.lower, value))
}

const clamp = (position: JointVector): JointVector => position.map((value, index) => clampTo(index, value))

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)
