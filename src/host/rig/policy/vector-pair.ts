/** The two conversions of one policy: the arm's pose into its state vector, its action rows into poses. */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import type { Calibration } from '#core/arm/calibration.ts'
import type { Channel, PolicyContract } from '#core/policy/policy-contract.ts'
import { VectorConverter } from '#core/policy/unit-conversion.ts'
import { unwrap } from '#core/result.ts'

export class VectorPair {
  readonly state: VectorConverter
  readonly action: VectorConverter

  private constructor(state: VectorConverter, action: VectorConverter) {
    this.state = state
    this.action = action
  }

  /**
   * @param joints channel of the rig for each channel of the contract that has another name there
   * @throws FaultError `policy/contract-mismatch`
   */
  static create(
    contract: PolicyContract,
    joints: Readonly<Record<string, string>>,
    profile: ArmProfile,
    calibration: Calibration | null,
  ): VectorPair {
    const onRig = (channels: readonly Channel[]): readonly Channel[] =>
      channels.map(({ name, unit }) => ({ name: joints[name] ?? name, unit }))
    return new VectorPair(
      unwrap(VectorConverter.create(onRig(contract.state), profile, calibration)),
      unwrap(VectorConverter.create(onRig(contract.action), profile, calibration)),
    )
  }
}
