/**
 * In autonomy an actuated leader follows the follower, so that a hand can take over without a jump. Its goals pass a
 * limiter of its own, starting where the leader stands; the torque cap is the caller's (`mirrorTorque`).
 */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'
import { ArmLimiter } from './arm-limiter.ts'
import type { JointLimits } from './limit-sets.ts'
import { reachable } from './matching.ts'
import { TakeOverDetector } from './take-over.ts'

/**
 * Share of the leader servos' torque while mirroring: yields to a hand, and carries the arm. Measured on the simulated
 * pair: with 0.3 an outstretched leader sags by 0.2 rad, which looks like a hand on it.
 */
export const mirrorTorque = 0.6

export class LeaderMirror {
  readonly #profile: ArmProfile
  readonly #limiter: ArmLimiter
  readonly #detector: TakeOverDetector

  constructor(profile: ArmProfile, periodUs: number, thresholdRad: number) {
    this.#profile = profile
    this.#limiter = new ArmLimiter(profile, periodUs)
    this.#detector = new TakeOverDetector(profile, thresholdRad)
  }

  stop(): void {
    this.#limiter.clear()
    this.#detector.reset()
  }

  /** The leader's next goal on its way to the follower's commanded pose. */
  step(
    leader: JointVector,
    followerGoal: JointVector,
    limits: readonly JointLimits[],
    nowUs: number,
  ): JointVector {
    if (this.#limiter.pose === null) {
      const start = reachable(this.#profile, leader)
      this.#limiter.start(start, nowUs)
      this.#detector.expect(leader, nowUs)
    }
    const { goal } = this.#limiter.follow(reachable(this.#profile, followerGoal), limits, nowUs)
    this.#detector.expect(goal, nowUs)
    return goal
  }

  /** Whether a hand has moved the leader away from where it was sent. */
  isTaken(leader: JointVector): boolean {
    return this.#detector.isTaken(leader)
  }
}
