/** One unhurried movement of a person's arm: minimum jerk from pose to pose (Flash and Hogan, J. Neurosci. 5, 1985). */
import type { JointVector } from '#core/arm/arm-profile.ts'
import { joints } from '../scene/joints.ts'

const shortestS = 0.3
/** Peak speed of a minimum-jerk movement over its mean speed. */
const peakOverMean = 1.875

/** Share of the way at a share of the time, both 0…1. */
export function minimumJerk(share: number): number {
  const s = Math.min(1, Math.max(0, share))
  return s * s * s * (10 + s * (6 * s - 15))
}

export class Segment {
  readonly to: JointVector
  readonly #from: JointVector
  readonly #startUs: number
  readonly #durationUs: number

  /** @param peakRadPerS the fastest that any joint moves */
  constructor(from: JointVector, to: JointVector, startUs: number, peakRadPerS: number) {
    this.#from = from
    this.to = to
    this.#startUs = startUs
    const farthest = Math.max(
      ...joints.map((joint, j) => Math.abs((to[j] ?? 0) - (from[j] ?? 0)) * joint.radPerUnit),
    )
    this.#durationUs = Math.max(shortestS, (farthest * peakOverMean) / peakRadPerS) * 1e6
  }

  get endUs(): number {
    return this.#startUs + this.#durationUs
  }

  at(timeUs: number): JointVector {
    const share = minimumJerk((timeUs - this.#startUs) / this.#durationUs)
    return this.to.map((value, j) => {
      const start = this.#from[j] ?? value
      return start + (value - start) * share
    })
  }
}
