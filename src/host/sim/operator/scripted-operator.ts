/**
 * A person at the leader, scripted: takes a cube with the follower and puts it in the bin. It acts on simulated time, sees
 * the cube and the follower and nothing else, goes on only while the follower follows, corrects where it ends up short, notices
 * a lost grasp and tries again.
 * The same seed gives the same movements.
 */
import type { JointVector } from '#core/arm/arm-profile.ts'
import { solveTool, type ToolTarget } from '#core/arm/inverse-kinematics.ts'
import { toolPose } from '#core/arm/kinematics.ts'
import { add, subtract } from '#core/arm/rotation.ts'
import type { Vec3 } from '#core/arm/so101-geometry.ts'
import { so101Leader } from '#core/arm/so101-profile.ts'
import { between, type Random, seededRandom } from '../random.ts'
import { anglesOf } from '../scene/joints.ts'
import { bin, cubeHalfM, type CubeName } from '../scene/layout.ts'
import type { HandPlan } from './leader-hand.ts'
import { dropTarget, graspTarget, steepestPitchRad } from './reach.ts'
import { Segment } from './segment.ts'

export const operatorPhases = [
  'idle',
  'waiting',
  'raising',
  'approaching',
  'descending',
  'grasping',
  'lifting',
  'carrying',
  'releasing',
  'retreating',
  'done',
  'gaveUp',
] as const
export type OperatorPhase = (typeof operatorPhases)[number]

/** What the operator sees. */
export interface OperatorEyes {
  cubeM(name: CubeName): Vec3
  cubeYawRad(name: CubeName): number
  isInBin(name: CubeName): boolean
  /** Pose of the follower, program units. */
  followerPosition(): JointVector
}

const ready: JointVector = [0, -0.6, 0.9, 1.2, 0, 0.5]
/** Openings: wide before a cube, and a squeeze that stops short of the servo's following-error limit. */
const wideOpen = 0.5
const squeezed = 0.09
const aboveM = 0.06
const carryM = 0.1
const dropM = 0.075
const maxAttempts = 6
const peakRadPerS = 1.3
/** The follower counts as there when its tool is this near. */
const nearM = 0.003
const maxCorrections = 5
/** A lag of the follower's joints, in any unit, up to which it is taken to follow. */
const followGap = 0.2
const heldM = 0.035

export class ScriptedOperator implements HandPlan {
  readonly cube: CubeName
  readonly #eyes: OperatorEyes
  readonly #random: Random
  #phase: OperatorPhase = 'waiting'
  #attempts = 0
  #segment: Segment
  #target: ToolTarget | null = null
  #opening: number
  #pauseUs: number
  #corrections = 0
  #bias: Vec3 = [0, 0, 0]

  /** @param position where the leader is now, program units */
  constructor(eyes: OperatorEyes, cube: CubeName, seed: number, position: JointVector, simTimeUs: number) {
    this.cube = cube
    this.#eyes = eyes
    this.#random = seededRandom(seed)
    this.#opening = position[5] ?? 0
    this.#segment = new Segment(position, position, simTimeUs, peakRadPerS)
    this.#pauseUs = simTimeUs + 300_000
  }

  get phase(): OperatorPhase {
    return this.#phase
  }

  /** Grasps tried so far. */
  get attempts(): number {
    return this.#attempts
  }

  get isRunning(): boolean {
    return this.#phase !== 'done' && this.#phase !== 'gaveUp'
  }

  anglesRad(simTimeUs: number): readonly number[] {
    if (this.isRunning && simTimeUs >= Math.max(this.#segment.endUs, this.#pauseUs)) {
      if (this.#isFollowed()) this.#next(simTimeUs)
      else this.#pauseUs = simTimeUs + 200_000
    }
    return anglesOf(this.#segment.at(simTimeUs))
  }

  #next(nowUs: number): void {
    switch (this.#phase) {
      case 'waiting':
        this.#moveTo('raising', [...ready.slice(0, 5), this.#opening], nowUs)
        return
      case 'raising':
        this.#opening = wideOpen
        this.#reachFor('approaching', this.#grasp(aboveM), nowUs)
        return
      case 'approaching':
        if (this.#correct(nowUs)) return
        this.#attempts += 1
        this.#reachFor('descending', this.#grasp(0), nowUs)
        return
      case 'descending':
        if (this.#correct(nowUs)) return
        this.#opening = squeezed
        this.#reachFor('grasping', this.#target, nowUs)
        return
      case 'grasping':
        this.#reachFor('lifting', this.#raised(), nowUs)
        return
      case 'lifting':
        if (this.#isHeld()) this.#reachFor('carrying', dropTarget(bin.centreM, carryM), nowUs)
        else this.#tryAgain(nowUs)
        return
      case 'carrying':
        if (!this.#isHeld()) this.#tryAgain(nowUs)
        else {
          this.#opening = wideOpen
          this.#reachFor('releasing', dropTarget(bin.centreM, dropM), nowUs)
        }
        return
      case 'releasing':
        this.#moveTo('retreating', [...ready.slice(0, 5), this.#opening], nowUs)
        return
      case 'retreating':
        if (this.#eyes.isInBin(this.cube)) this.#phase = 'done'
        else this.#tryAgain(nowUs)
        return
      case 'idle':
      case 'done':
      case 'gaveUp':
        return
    }
  }

  #grasp(liftM: number): ToolTarget {
    const [x, y, z] = this.#eyes.cubeM(this.cube)
    return graspTarget([x, y, z], this.#eyes.cubeYawRad(this.cube), liftM)
  }

  #raised(): ToolTarget | null {
    if (this.#target === null) return null
    const positionM = add(this.#target.positionM, [0, 0, aboveM])
    return { positionM, rollRad: this.#target.rollRad ?? 0 }
  }

  /** Opens, goes up and starts over; after too many grasps it gives up. */
  #tryAgain(nowUs: number): void {
    if (this.#attempts >= maxAttempts) {
      this.#phase = 'gaveUp'
      return
    }
    this.#opening = wideOpen
    this.#moveTo('raising', [...ready.slice(0, 5), this.#opening], nowUs)
  }

  #reachFor(phase: OperatorPhase, target: ToolTarget | null, nowUs: number): void {
    if (target !== this.#target) this.#corrections = 0
    this.#target = target
    const position = target === null ? null : this.#solve(target)
    if (position === null) this.#phase = 'gaveUp'
    else this.#moveTo(phase, [...position.slice(0, 5), this.#opening], nowUs)
  }

  #solve(target: ToolTarget): JointVector | null {
    const positionM = add(target.positionM, this.#bias)
    const steepest = steepestPitchRad(positionM)
    const biased = { ...target, positionM, pitchRad: Math.min(target.pitchRad ?? steepest, steepest) }
    for (const start of [this.#segment.to, ready]) {
      const solved = solveTool(so101Leader, biased, start)
      if (solved.ok) return solved.value
    }
    const plain = solveTool(so101Leader, { positionM: target.positionM }, this.#segment.to)
    return plain.ok ? plain.value : null
  }

  /** Looks where the follower's finger really is and moves on by what is missing. True while there is something to correct. */
  #correct(nowUs: number): boolean {
    const target = this.#target
    if (target === null || this.#corrections >= maxCorrections) return false
    const missing = subtract(target.positionM, toolPose(this.#eyes.followerPosition()).positionM)
    if (Math.hypot(...missing) <= nearM) return false
    this.#corrections += 1
    this.#bias = ([0, 1, 2] as const).map((k) =>
      Math.min(0.03, Math.max(-0.03, this.#bias[k] + 0.7 * missing[k])),
    ) as unknown as Vec3
    this.#reachFor(this.#phase, target, nowUs)
    return true
  }

  #moveTo(phase: OperatorPhase, position: JointVector, nowUs: number): void {
    this.#phase = phase
    const speed = peakRadPerS * between(this.#random, 0.8, 1.2)
    this.#segment = new Segment(this.#segment.to, position, nowUs, speed)
    this.#pauseUs = this.#segment.endUs + between(this.#random, 0.2, 0.4) * 1e6
  }

  #isFollowed(): boolean {
    const follower = this.#eyes.followerPosition()
    return this.#segment.to.every((value, j) => Math.abs(value - (follower[j] ?? Infinity)) < followGap)
  }

  #isHeld(): boolean {
    const cube = this.#eyes.cubeM(this.cube)
    const tool = toolPose(this.#eyes.followerPosition()).positionM
    return cube[2] > cubeHalfM * 2 && Math.hypot(...subtract(cube, tool)) < heldM
  }
}
