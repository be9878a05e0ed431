/** The two conversions of one policy: the arm's pose into its state vector, its action rows into poses. */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import type { Calibration } from '#core/arm/calibration.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { VectorConverter } from '#core/policy/unit-conversion.ts'
import { unwrap } from '#core/result.ts'

export class VectorPair {
  readonly state: VectorConverter
  readonly action: VectorConverter

  private constructor(state: VectorConverter, action: VectorConverter) {
    this.state = state
    this.action = action
  }

  /** @throws FaultError `policy/contract-mismatch` */
  static create(contract: PolicyContract, profile: ArmProfile, calibration: Calibration | null): VectorPair {
    return new VectorPair(
      unwrap(VectorConverter.create(contract.state, profile, calibration)),
      unwrap(VectorConverter.create(contract.action, profile, calibration)),
    )
  }
}
