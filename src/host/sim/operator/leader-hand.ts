/**
 * A person's hand on the leader arm, as joint torques: compliant, no stronger than a person, and it never teleports. What it
 * wants comes from a plan (drag, jog, script). The hand lets go by itself when the leader is powered, as one does when an arm
 * starts to move on its own, and takes hold where the leader stands when power leaves it.
 */
import { joints } from '../scene/joints.ts'
import type { LeaderHand as HandTorques } from '../sim-world.ts'

/** Where the hand wants the leader, radians per joint, at a simulated time. */
export interface HandPlan {
  anglesRad(simTimeUs: number): readonly number[]
}

const stiffnessNmPerRad = joints.map((joint) => (joint.kind === 'gripper' ? 8 : 25))
const dampingNmSPerRad = joints.map((joint) => (joint.kind === 'gripper' ? 0.8 : 2.2))
/** A person at the leader's handle is stronger than its servos, but not by much. */
const strengthNm = joints.map((joint) => (joint.kind === 'gripper' ? 1.5 : 3.5))
/** How quickly the hand follows a new wish: second order, critically damped, with a top speed. */
const handPerS = 14
const topSpeedRadPerS = 2.2

export class LeaderHand implements HandTorques {
  readonly #isLeaderPowered: () => boolean
  #plan: HandPlan | null = null
  #isHolding = false
  #wasPowered = false
  #angles: number[] = []
  #speeds: number[] = []
  #lastUs: number | null = null

  constructor(isLeaderPowered: () => boolean) {
    this.#isLeaderPowered = isLeaderPowered
  }

  get isHolding(): boolean {
    return this.#isHolding
  }

  /** Where the hand is now; empty while it is off. */
  get anglesRad(): readonly number[] {
    return this.#isHolding ? this.#angles : []
  }

  /** The hand takes the leader and follows the plan. */
  follow(plan: HandPlan): void {
    this.#plan = plan
    this.#isHolding = true
    // A plan made while the leader is powered is a person taking over, not one who forgot to let go.
    this.#wasPowered = this.#isLeaderPowered()
  }

  /** True while this plan is what the hand does. */
  isFollowing(plan: HandPlan): boolean {
    return this.#isHolding && this.#plan === plan
  }

  /** Stops following a plan and holds the leader where it is. */
  hold(): void {
    this.#plan = null
  }

  /** Lets go: the leader falls unless it rests or is powered. */
  release(): void {
    this.#plan = null
    this.#isHolding = false
    this.#lastUs = null
    this.#angles = []
    this.#speeds = []
  }

  torquesNm(
    simTimeUs: number,
    anglesRad: readonly number[],
    velocities: readonly number[],
  ): readonly number[] | null {
    this.#watchPower(anglesRad)
    if (!this.#isHolding) return null
    if (this.#angles.length === 0) this.#takeHold(anglesRad)
    const dtS = this.#lastUs === null ? 0 : (simTimeUs - this.#lastUs) / 1e6
    this.#lastUs = simTimeUs
    this.#move(this.#plan?.anglesRad(simTimeUs) ?? this.#angles, dtS)
    return anglesRad.map((angle, j) => {
      const pull =
        (stiffnessNmPerRad[j] ?? 0) * ((this.#angles[j] ?? angle) - angle) +
        (dampingNmSPerRad[j] ?? 0) * ((this.#speeds[j] ?? 0) - (velocities[j] ?? 0))
      const most = strengthNm[j] ?? 0
      return Math.min(most, Math.max(-most, pull))
    })
  }

  #watchPower(anglesRad: readonly number[]): void {
    const isPowered = this.#isLeaderPowered()
    if (isPowered && !this.#wasPowered) this.release()
    if (!isPowered && this.#wasPowered && !this.#isHolding) {
      this.#isHolding = true
      this.#takeHold(anglesRad)
    }
    this.#wasPowered = isPowered
  }

  #takeHold(anglesRad: readonly number[]): void {
    this.#angles = [...anglesRad]
    this.#speeds = anglesRad.map(() => 0)
  }

  #move(wanted: readonly number[], dtS: number): void {
    for (let j = 0; j < this.#angles.length; j += 1) {
      const [angle, speed] = [this.#angles[j] ?? 0, this.#speeds[j] ?? 0]
      const pull = handPerS * handPerS * ((wanted[j] ?? angle) - angle) - 2 * handPerS * speed
      const next = Math.min(topSpeedRadPerS, Math.max(-topSpeedRadPerS, speed + pull * dtS))
      this.#speeds[j] = next
      this.#angles[j] = angle + next * dtS
    }
  }
}
