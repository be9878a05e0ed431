/** How far the arm is from what the policy wants: root mean square over joints, radians of servo travel, over about a second. */
import type { JointSpec, JointVector } from '../arm/arm-profile.ts'

const windowUs = 1_000_000

export class TrackingError {
  private readonly joints: readonly JointSpec[]
  private meanSquare: number | null = null
  private lastUs = 0

  constructor(joints: readonly JointSpec[]) {
    this.joints = joints
  }

  /** Null before anything was followed. */
  get rmsRad(): number | null {
    return this.meanSquare === null ? null : Math.sqrt(this.meanSquare)
  }

  add(nowUs: number, wanted: JointVector, measured: JointVector): void {
    const squares = this.joints.map(
      ({ radPerUnit }, joint) => (((wanted[joint] ?? 0) - (measured[joint] ?? 0)) * radPerUnit) ** 2,
    )
    const now = squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length)
    const share = this.meanSquare === null ? 1 : Math.min(1, Math.max(0, nowUs - this.lastUs) / windowUs)
    this.meanSquare = (this.meanSquare ?? 0) * (1 - share) + now * share
    this.lastUs = nowUs
  }

  reset(): void {
    this.meanSquare = null
  }
}
