/**
 * Where the follower goes next, mode by mode. Invariant: every set-point comes out of the one limiter, and entering a
 * mode never moves the set-point by itself.
 */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'
import { ArmLimiter, type LimitedGoal } from './arm-limiter.ts'
import { handedOver, handOverLeftUs, openShare, planHandOver, type HandOver } from './blend.ts'
import { armLimits, limitSetOf, type JointLimits, type LimitSets } from './limit-sets.ts'
import type { Mode } from './mode.ts'

/** A hand-over to a policy takes at least this long, so that a person sees it happen. */
const minBlendUs = 300_000
/** Slower than this is standing still. */
const restRadS = 1e-3

export class FollowerMotion {
  readonly #profile: ArmProfile
  readonly #sets: LimitSets
  readonly #limiter: ArmLimiter
  #handOver: HandOver | null = null
  #needsHandOver = false
  #stopLimits: readonly JointLimits[] = []
  #lastTarget: JointVector | null = null
  /** Where holding and slowStop settle; null: wherever the arm comes to rest. */
  #rest: JointVector | null = null

  constructor(profile: ArmProfile, sets: LimitSets, periodUs: number) {
    this.#profile = profile
    this.#sets = sets
    this.#limiter = new ArmLimiter(profile, periodUs)
  }

  /** The commanded pose; null while nothing is commanded. */
  get pose(): JointVector | null {
    return this.#limiter.pose
  }

  get isAtRest(): boolean {
    return this.#limiter.fastestRadS < restRadS && this.#isSettled()
  }

  /** Torque is on with goal = present: commanding begins here, at rest. */
  start(pose: JointVector, nowUs: number): void {
    this.#limiter.start(pose, nowUs)
    this.#rest = null
    this.#handOver = null
  }

  clear(): void {
    this.#limiter.clear()
    this.#rest = null
    this.#lastTarget = null
  }

  canEnter(mode: Mode): boolean {
    return this.#limiter.isWithin(this.#limits(mode, 1))
  }

  /** Prepares for `mode`; the next step is the first under it. */
  enter(mode: Mode): void {
    // From blend to policy the same source goes on.
    if (mode !== 'policy') this.#limiter.changeSource()
    if (mode === 'teleop' || mode === 'blend') this.#needsHandOver = true
    if (mode === 'slowStop') this.#stopLimits = this.#limitsWhileStopping()
    if (mode === 'teleop' || mode === 'blend' || mode === 'matching') this.#rest = null
    if (mode === 'teleop' || mode === 'blend') this.#handOver = null
  }

  /** After the last good action of a policy: settle there instead of wherever the arm comes to rest. */
  restAtLastTarget(): void {
    this.#rest = this.#lastTarget
  }

  /** Rest wherever the arm comes to rest. */
  restAnywhere(): void {
    this.#rest = null
  }

  /** Joints that are held back by something rest where they are, so that nothing is pressed for ever. */
  yieldTo(measured: JointVector, joints: readonly number[]): void {
    const from = this.#rest ?? this.#limiter.pose
    if (!from) return
    this.#rest = from.map((value, index) => {
      const spec = this.#profile.joints[index]
      const there = measured[index]
      if (!joints.includes(index) || !spec || there === undefined || !Number.isFinite(there)) return value
      return Math.min(Math.max(there, spec.lower), spec.upper)
    })
  }

  /** Stands still, or settles where it should rest. */
  hold(mode: 'holding' | 'slowStop', nowUs: number): LimitedGoal {
    const limits = mode === 'slowStop' ? this.#stopLimits : this.#limits(mode, 1)
    if (this.#rest) return this.#limiter.settle(this.#rest, limits, nowUs)
    return { goal: this.#limiter.brake(limits, nowUs), limitedJoints: [] }
  }

  /** Goes to a pose that rests, at align speed. */
  goTo(pose: JointVector, speedFactor: number, nowUs: number): LimitedGoal {
    return this.#limiter.settle(pose, this.#limits('matching', speedFactor), nowUs)
  }

  /** Follows a source; null means that it has not spoken yet. */
  follow(mode: Mode, request: JointVector | null, speedFactor: number, nowUs: number): LimitedGoal {
    const limits = this.#limits(mode, speedFactor)
    const commanded = this.#limiter.pose
    if (!request || !commanded) return { goal: this.#limiter.brake(limits, nowUs), limitedJoints: [] }
    if (this.#needsHandOver) {
      const gentle = armLimits(this.#profile, 'handOver', this.#sets)
      this.#handOver = planHandOver(commanded, request, gentle, nowUs, mode === 'blend' ? minBlendUs : 0)
      this.#needsHandOver = false
    }
    const target = this.#handOver ? handedOver(this.#handOver, request, nowUs) : request
    this.#lastTarget = target
    return this.#limiter.follow(target, limits, nowUs)
  }

  /** True once a hand-over was planned and its gap is closed. */
  isHandedOver(nowUs: number): boolean {
    return this.#handOver !== null && openShare(this.#handOver, nowUs) === 0
  }

  /** Seconds until a planned hand-over is closed. */
  handOverLeftS(nowUs: number): number | null {
    return this.#handOver ? handOverLeftUs(this.#handOver, nowUs) / 1e6 : null
  }

  /** Seconds until a slow stop is at rest, by the deceleration of its limits. */
  get stopLeftS(): number {
    return this.#limiter.fastestRadS / this.#sets.slowStop.accelerationRadS2
  }

  #limits(mode: Mode, speedFactor: number): readonly JointLimits[] {
    return armLimits(this.#profile, limitSetOf(mode), this.#sets, speedFactor)
  }

  #limitsWhileStopping(): readonly JointLimits[] {
    const speeds = this.#limiter.points.map((point) => Math.abs(point.velocity))
    return this.#limits('slowStop', 1).map((limit, joint) => ({
      ...limit,
      velocity: Math.max(limit.velocity, speeds[joint] ?? 0),
    }))
  }

  #isSettled(): boolean {
    const rest = this.#rest
    const pose = this.#limiter.pose
    if (!rest || !pose) return true
    return rest.every((value, joint) => {
      const spec = this.#profile.joints[joint]
      return Math.abs(value - (pose[joint] ?? value)) * (spec?.radPerUnit ?? 1) < restRadS
    })
  }
}
