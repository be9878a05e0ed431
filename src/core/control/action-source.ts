/** What the control loop knows of a policy: something that answers, tick by tick, which pose it wants. */
import type { JointVector } from '../arm/arm-profile.ts'
import type { Fault, Result } from '../result.ts'

export interface ActionSource extends Disposable {
  /** Reasons why it cannot be given the arm now; empty means ready (warm, contract passed, first chunk near `presentPose`). */
  blockers(presentPose: JointVector): readonly Fault[]
  /** The arm is given at `nowUs`, commanded pose `commandedPose`. */
  start(nowUs: number, commandedPose: JointVector): void
  /**
   * The pose wanted at `nowUs`, program units, before any limit. A failure (late, not finite, out of range, host dead)
   * means hold: the caller never invents a pose.
   */
  sample(nowUs: number): Result<JointVector>
  /** Feeds the observation that the next chunk request will carry. */
  observe(nowUs: number, position: JointVector, commandedPose: JointVector): void
  /** The arm was taken away. */
  stop(): void
}
