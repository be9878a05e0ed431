/** What this rig offers to a policy: the names and units a dataset of it has. */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import { datasetNames } from '#core/arm/dataset-units.ts'
import type { RigConfig, RigContract } from '#contract/services/rig.ts'
import { redCubeExtra } from '../sim-link.ts'
import { isSimulated } from './station.ts'

/** SO arms speak degrees and a gripper of 0…100 in datasets (DESIGN §5). */
export function rigContractOf(rig: RigConfig, profile: ArmProfile): RigContract {
  const channels = datasetNames(profile).map((name, index) => ({
    name,
    unit: profile.joints[index]?.kind === 'gripper' ? 'range_0_100' : 'degrees',
  }))
  return {
    robotType: rig.robotType,
    fps: rig.fps,
    cameras: rig.cameras.map(({ name, width, height }) => ({ name, width, height })),
    state: channels,
    action: channels,
    extras: isSimulated(rig) ? [{ name: redCubeExtra, shape: [3] }] : [],
  }
}
