/** A policy seen from the loop: it wants the pose that a test says, tick by tick. */
import type { JointVector } from '#core/arm/arm-profile.ts'
import type { ActionSource } from '#core/control/action-source.ts'
import type { Result } from '#core/result.ts'

export class PoseSource implements ActionSource {
  pose: () => Result<JointVector>

  constructor(pose: () => Result<JointVector>) {
    this.pose = pose
  }

  blockers() {
    return []
  }

  start(): void {}

  sample(): Result<JointVector> {
    return this.pose()
  }

  observe(): void {}

  stop(): void {}

  [Symbol.dispose](): void {}
}
