/**
 * Joins one curve to the next without a step in position or velocity: what is missing between them at the moment of the
 * switch is added to the new curve and decays to nothing within a short window (cubic Hermite with zero end and slope).
 */
import type { CurvePoint } from './chunk-trajectory.ts'

export class DecayingOffset {
  private readonly windowS: number
  private readonly gap: readonly number[]
  private readonly gapVelocity: readonly number[]

  /** `present` is where the output is now, `next` where the new curve is at the same moment. */
  constructor(present: CurvePoint, next: CurvePoint, windowUs: number) {
    this.windowS = windowUs / 1e6
    this.gap = present.position.map((value, joint) => value - (next.position[joint] ?? value))
    this.gapVelocity = present.velocity.map((value, joint) => value - (next.velocity[joint] ?? value))
  }

  /** The largest distance bridged, program units. */
  get jump(): number {
    return this.gap.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  }

  /** The new curve's point, `elapsedUs` after the switch, with the rest of the offset added. */
  apply(point: CurvePoint, elapsedUs: number): CurvePoint {
    const elapsedS = elapsedUs / 1e6
    if (elapsedS >= this.windowS) return point
    const t = Math.max(elapsedS, 0) / this.windowS
    const fromGap = (1 - t) * (1 - t) * (1 + 2 * t)
    const fromVelocity = t * (1 - t) * (1 - t) * this.windowS
    const gapRate = (6 * t * (t - 1)) / this.windowS
    const velocityRate = (1 - t) * (1 - 3 * t)
    return {
      position: point.position.map(
        (value, joint) =>
          value + fromGap * (this.gap[joint] ?? 0) + fromVelocity * (this.gapVelocity[joint] ?? 0),
      ),
      velocity: point.velocity.map(
        (value, joint) =>
          value + gapRate * (this.gap[joint] ?? 0) + velocityRate * (this.gapVelocity[joint] ?? 0),
      ),
    }
  }
}
