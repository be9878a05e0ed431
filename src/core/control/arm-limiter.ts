/**
 * The limiter's state for one arm: the commanded set-points and their time. Invariant: whatever the clock does, a tick
 * never moves a set-point further than the limits allow in three periods; after a longer silence the set-point counts as
 * having stood still.
 */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'
import type { JointLimits } from './limit-sets.ts'
import { brakeJoint, isWithin, limitJoint, type SetPoint } from './limiter.ts'
import { TargetVelocity } from './target-velocity.ts'

/**
 * Two steps of a 4096-step servo: a hand read in whole steps jerks by one step, which the acceleration limit smooths. Only
 * what is held back by more counts as limited.
 */
const unchangedRad = (4 * Math.PI) / 4096
const maxPeriods = 3

export interface LimitedGoal {
  readonly goal: JointVector
  /** Joints whose set-point differs from the request because a limit held it back. */
  readonly limitedJoints: readonly number[]
}

export class ArmLimiter {
  readonly #profile: ArmProfile
  readonly #periodUs: number
  readonly #targetVelocity = new TargetVelocity()
  #points: SetPoint[] = []
  #timeUs = 0

  constructor(profile: ArmProfile, periodUs: number) {
    this.#profile = profile
    this.#periodUs = periodUs
  }

  /** The commanded pose, or null before the first `start`. */
  get pose(): JointVector | null {
    return this.#points.length === 0 ? null : this.#points.map((point) => point.position)
  }

  get points(): readonly SetPoint[] {
    return this.#points
  }

  /** Begins at rest at `pose` (the arm's present one). */
  start(pose: JointVector, nowUs: number): void {
    this.#points = pose.map((position) => ({ position, velocity: 0 }))
    this.#timeUs = nowUs
    this.#targetVelocity.reset()
  }

  /** Nothing is commanded any more. */
  clear(): void {
    this.#points = []
  }

  /** Another source speaks: its first pose says nothing about its speed. */
  changeSource(): void {
    this.#targetVelocity.reset()
  }

  get isAtRest(): boolean {
    return this.#points.every((point) => point.velocity === 0)
  }

  /** Largest speed over the joints, radians of servo travel per second. */
  get fastestRadS(): number {
    return Math.max(
      0,
      ...this.#points.map((point, joint) => Math.abs(point.velocity) * this.#radPerUnit(joint)),
    )
  }

  /** Whether every joint could be put under `limits` now. */
  isWithin(limits: readonly JointLimits[]): boolean {
    return this.#points.every((point, joint) => {
      const limit = limits[joint]
      return limit !== undefined && isWithin(point, limit)
    })
  }

  /** Moves towards `target`, which may itself be moving. */
  follow(target: JointVector, limits: readonly JointLimits[], nowUs: number): LimitedGoal {
    const velocities = this.#targetVelocity.observe(nowUs, target, limits)
    return this.#advance(target, velocities, limits, nowUs)
  }

  /** Moves towards a pose that rests. */
  settle(target: JointVector, limits: readonly JointLimits[], nowUs: number): LimitedGoal {
    return this.#advance(target, [], limits, nowUs)
  }

  /** Comes to rest as fast as the limits allow. */
  brake(limits: readonly JointLimits[], nowUs: number): JointVector {
    const dtS = this.#elapse(nowUs)
    return this.#set((point, joint) => {
      const limit = limits[joint]
      return limit ? brakeJoint(point, limit, dtS) : point
    })
  }

  #advance(
    target: JointVector,
    velocities: readonly number[],
    limits: readonly JointLimits[],
    nowUs: number,
  ): LimitedGoal {
    const dtS = this.#elapse(nowUs)
    const goal = this.#set((point, joint) => {
      const limit = limits[joint]
      const wanted = target[joint]
      if (!limit || wanted === undefined) return point
      return limitJoint(point, wanted, velocities[joint] ?? 0, limit, dtS)
    })
    const limitedJoints = goal.flatMap((value, joint) =>
      Math.abs(value - (target[joint] ?? value)) * this.#radPerUnit(joint) > unchangedRad ? [joint] : [],
    )
    return { goal, limitedJoints }
  }

  #elapse(nowUs: number): number {
    const dtUs = nowUs - this.#timeUs
    this.#timeUs = Math.max(this.#timeUs, nowUs)
    if (dtUs <= maxPeriods * this.#periodUs) return dtUs / 1e6
    this.#points = this.#points.map((point) => ({ position: point.position, velocity: 0 }))
    return this.#periodUs / 1e6
  }

  #set(next: (point: SetPoint, joint: number) => SetPoint): JointVector {
    this.#points = this.#points.map(next)
    return this.#points.map((point) => point.position)
  }

  #radPerUnit(joint: number): number {
    return this.#profile.joints[joint]?.radPerUnit ?? 1
  }
}
