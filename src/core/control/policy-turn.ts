/**
 * The policy's turn at the arm: when it is started and stopped, and what it asks for this tick. Invariant: what leaves
 * here is a finite pose of the right size inside the range, null for "has not spoken yet", or the fault that ends the turn.
 */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'
import { fail, ok, type Result } from '../result.ts'
import type { ControlInput, ControlOutput } from './core-types.ts'
import { checkRequest } from './goal-check.ts'
import type { Mode } from './mode.ts'

/** A started policy must have spoken within this time. */
const firstWordUs = 100_000

const isAutonomous = (mode: Mode): boolean => mode === 'policy' || mode === 'blend'

export class PolicyTurn {
  #command: ControlOutput['policy'] = null
  #startUs = 0
  #hasSpoken = false

  /** What the loop must do with the policy after this tick. */
  get command(): ControlOutput['policy'] {
    return this.#command
  }

  beginTick(): void {
    this.#command = null
  }

  enter(from: Mode, to: Mode, nowUs: number): void {
    if (isAutonomous(from) && !isAutonomous(to)) this.#command = 'stop'
    if (!isAutonomous(from) && isAutonomous(to)) {
      this.#command = 'start'
      this.#startUs = nowUs
      this.#hasSpoken = false
    }
  }

  request({ policy, nowUs }: ControlInput, profile: ArmProfile): Result<JointVector | null> {
    if (!policy) return fail('control/no-policy', 'The policy is no longer there')
    if (this.#command === 'start') return ok(null)
    if (!policy.sample) {
      if (!this.#hasSpoken && nowUs - this.#startUs <= firstWordUs) return ok(null)
      return fail('policy/timeout', 'The policy does not answer', { policy: policy.name })
    }
    if (!policy.sample.ok) return policy.sample
    this.#hasSpoken = true
    return checkRequest(profile, policy.sample.value)
  }
}
