/**
 * Estimates how fast the wanted pose moves, so that the limiter can follow a moving hand without lag. Invariant: a
 * target that rests, or that jumped, has velocity 0 (a jump is closed as a gap, never extrapolated).
 */
import type { JointVector } from '../arm/arm-profile.ts'
import type { JointLimits } from './limit-sets.ts'

/** Long enough to average the encoder's steps, short enough to see a hand change its mind. */
const windowUs = 20_000
const staleUs = 60_000
/** Radian-like slack for encoder steps: two ticks of a 4096-step servo. */
const stepSlack = 0.0031

interface Sample {
  readonly timeUs: number
  readonly pose: JointVector
}

export class TargetVelocity {
  #samples: Sample[] = []

  /** Forgets the past: another source speaks now. */
  reset(): void {
    this.#samples = []
  }

  /** Adds the pose wanted at `timeUs` and returns its velocity per joint, program units per second. */
  observe(timeUs: number, pose: JointVector, limits: readonly JointLimits[]): readonly number[] {
    const last = this.#samples.at(-1)
    if (last && this.#isJump(last, timeUs, pose, limits)) this.#samples = []
    this.#samples.push({ timeUs, pose })
    while (this.#samples.length > 2 && timeUs - (this.#samples[1]?.timeUs ?? timeUs) >= windowUs)
      this.#samples.shift()
    const first = this.#samples[0]
    const spanS = first ? (timeUs - first.timeUs) / 1e6 : 0
    if (!first || spanS <= 0) return pose.map(() => 0)
    return pose.map((value, joint) => (value - (first.pose[joint] ?? value)) / spanS)
  }

  #isJump(last: Sample, timeUs: number, pose: JointVector, limits: readonly JointLimits[]): boolean {
    const dtUs = timeUs - last.timeUs
    if (dtUs <= 0 || dtUs > staleUs) return true
    return pose.some((value, joint) => {
      const reach = (limits[joint]?.velocity ?? 0) * 1.5 * (dtUs / 1e6) + stepSlack
      return Math.abs(value - (last.pose[joint] ?? value)) > reach
    })
  }
}
