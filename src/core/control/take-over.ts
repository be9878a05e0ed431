/**
 * Notices a hand on the leader while it mirrors the follower. A mirrored leader lags behind its goals, so its pose is
 * compared with the band of goals of the recent past: inside the band is lag, outside it by more than the threshold is a hand.
 */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'

/** Longer than a lightly torqued leader needs to arrive. */
const bandUs = 400_000

interface Entry {
  readonly timeUs: number
  readonly goal: JointVector
}

export class TakeOverDetector {
  readonly #profile: ArmProfile
  readonly #thresholdRad: number
  #band: Entry[] = []

  constructor(profile: ArmProfile, thresholdRad: number) {
    this.#profile = profile
    this.#thresholdRad = thresholdRad
  }

  reset(): void {
    this.#band = []
  }

  /** Remembers the goal sent to the leader at `nowUs`. */
  expect(goal: JointVector, nowUs: number): void {
    this.#band.push({ timeUs: nowUs, goal })
    while (this.#band.length > 1 && nowUs - (this.#band[1]?.timeUs ?? nowUs) > bandUs) this.#band.shift()
  }

  /** How far outside the band the leader stands: the worst joint and its excess, radians of servo travel. */
  excess(leader: JointVector): { readonly joint: number; readonly rad: number } {
    let worst = { joint: 0, rad: 0 }
    if (this.#band.length === 0) return worst
    for (const [joint, spec] of this.#profile.joints.entries()) {
      const value = leader[joint]
      if (value === undefined) continue
      let low = Number.POSITIVE_INFINITY
      let high = Number.NEGATIVE_INFINITY
      for (const entry of this.#band) {
        const goal = entry.goal[joint] ?? value
        low = Math.min(low, goal)
        high = Math.max(high, goal)
      }
      const rad = Math.max(low - value, value - high, 0) * spec.radPerUnit
      if (rad > worst.rad) worst = { joint, rad }
    }
    return worst
  }

  /** Whether a hand has moved the leader beyond the threshold. */
  isTaken(leader: JointVector): boolean {
    return this.excess(leader).rad > this.#thresholdRad
  }
}
