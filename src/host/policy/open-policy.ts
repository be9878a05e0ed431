/** From a policy on disk to one that computes: the one place that knows all kinds. */
import type { Result } from '#core/result.ts'
import { providerNames, type PolicySettings } from '#contract/services/policy.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import { openInternVlaPolicy } from './internvla/open-internvla-policy.ts'
import { openOnnxPolicy } from './onnx-policy.ts'
import type { Policy } from './policy.ts'
import type { StoredPolicy } from './policy-store.ts'
import type { ProviderDesk } from './providers/provider-desk.ts'
import { openRemotePolicy } from './remote/open-remote-policy.ts'

export interface OpenPolicyOptions {
  readonly settings: PolicySettings
  readonly providers: ProviderDesk
  readonly clock: Clock
  /** The instruction that will probably be asked for first; null where none is known. */
  readonly task?: string | null
  /** For what does not stop a chunk; null where nobody reads it. */
  readonly log: Pick<Log, 'warn'> | null
}

/** Fails with the stored policy's own fault, `policy/provider-unavailable`, or as its kind does. */
export async function openStoredPolicy(
  { folder, described }: StoredPolicy,
  { settings, providers, clock, log, task = null }: OpenPolicyOptions,
): Promise<Result<Policy>> {
  if (!described.ok) return described
  if (described.value.kind === 'internvla-a1')
    return openInternVlaPolicy(described.value, { settings, providers, clock, log, task })
  const { kind, manifest } = described.value
  if (kind === 'openpi') return openRemotePolicy(folder, manifest, { clock })
  // A graph as small as these is done before its numbers have reached a GPU.
  const wanted = settings.provider === 'auto' ? 'cpu' : settings.provider
  const provider = await providers.choose(wanted, providerNames)
  return provider.ok ? openOnnxPolicy(folder, manifest, provider.value, clock) : provider
}
