/** Which cameras of the rig show a policy what it wants to see, by its settings. */
import type { PolicySettings } from '#contract/services/policy.ts'
import type { PictureWish } from './picture-source.ts'
import type { Policy } from './policy.ts'

/** Null for a policy without cameras. A camera that the settings do not name has the same name on the rig; null leaves it out. */
export function pictureWish(
  policyId: string,
  { contract, pictureNeed: need }: Pick<Policy, 'contract' | 'pictureNeed'>,
  settings: Pick<PolicySettings, 'cameras'>,
): PictureWish | null {
  if (need === null) return null
  const cameras = contract.cameras.flatMap(({ name }) => {
    const chosen = settings.cameras[name]
    return chosen === null ? [] : [[name, chosen ?? name] as const]
  })
  return { policyId, need, fps: contract.fps, cameras: Object.fromEntries(cameras) }
}
