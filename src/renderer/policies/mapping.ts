/**
 * Which camera and joint of the rig stands for which name of the policy. Only a person changes it; what the page proposes
 * is the same name written in another way, and it is shown before anything is loaded.
 */
import type { PolicyContractMessage, PolicySettings } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'

const bare = (name: string): string => name.replace(/\.pos$/u, '')

/** `observation.images.Front_Cam` and `front cam` are one name. */
const plain = (name: string): string =>
  bare(name)
    .replace(/^observation\.(images?|state)\./u, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, '')

/** The rig's camera in a slot: null where it is left empty, undefined where the rig has none of that name. */
export function cameraIn(
  slot: string,
  settings: Pick<PolicySettings, 'cameras'>,
  rig: Pick<RigContract, 'cameras'>,
): string | null | undefined {
  const chosen = settings.cameras[slot]
  if (chosen === null) return null
  return rig.cameras.find(({ name }) => name === (chosen ?? slot))?.name
}

/** The rig's channel behind one of the policy's; undefined where the rig has none of that name. */
export function jointFor(
  channel: string,
  settings: Pick<PolicySettings, 'joints'>,
  rig: Pick<RigContract, 'state'>,
): string | undefined {
  const wanted = settings.joints[channel] ?? bare(channel)
  return rig.state.find(({ name }) => bare(name) === bare(wanted))?.name
}

const onlyOne = (names: readonly string[], wanted: string): string | null => {
  const same = names.filter((name) => plain(name) === plain(wanted))
  return same.length === 1 ? (same[0] ?? null) : null
}

/**
 * Settings in which every camera and joint that the rig has under the same name, written otherwise or in another place, is
 * mapped; null when nothing would change. Never guesses by likeness or by place.
 */
export function proposedSettings(
  contract: PolicyContractMessage,
  rig: RigContract,
  settings: PolicySettings,
): PolicySettings | null {
  const cameras = { ...settings.cameras }
  for (const { name } of contract.cameras) {
    if (cameraIn(name, settings, rig) !== undefined) continue
    const found = onlyOne(
      rig.cameras.map((camera) => camera.name),
      name,
    )
    if (found !== null) cameras[name] = found
  }
  const joints = { ...settings.joints }
  const channels = [...contract.state, ...contract.action].map(({ name }) => name)
  const order = (of: readonly { readonly name: string }[]): string => of.map(({ name }) => bare(name)).join()
  const isOtherOrder =
    order(contract.state) !== order(rig.state) || order(contract.action) !== order(rig.action)
  if (isOtherOrder)
    for (const channel of channels) {
      if (joints[channel] !== undefined) continue
      const found = onlyOne(
        rig.state.map(({ name }) => name),
        channel,
      )
      if (found !== null) joints[channel] = found
    }
  const proposed = { ...settings, cameras, joints }
  return JSON.stringify(proposed) === JSON.stringify(settings) ? null : proposed
}
