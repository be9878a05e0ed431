/** A policy opened for a command, with the settings that a person keeps for it. */
import { join } from 'node:path'
import { fail, ok, type Result } from '#core/result.ts'
import type { PolicySettings } from '#contract/services/policy.ts'
import { openStoredPolicy } from '#host/policy/open-policy.ts'
import type { Policy } from '#host/policy/policy.ts'
import type { StoredPolicy } from '#host/policy/policy-store.ts'
import { cudaFolder } from '#host/policy/providers/cuda-libraries.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { SettingsStore } from '#host/policy/settings-store.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import type { CliIo } from '../command.ts'

/** The settings kept for a policy, or the defaults. */
export const policySettingsOf = (io: CliIo, policyId: string): Promise<Result<PolicySettings>> =>
  new SettingsStore(join(io.dataDir, 'policy-settings')).read(policyId)

export interface NamedPolicy {
  readonly policy: Policy
  readonly settings: PolicySettings
}

/**
 * Fails as opening does, and with `control/not-allowed` for a precision that the policy has no weights in.
 * @param changes settings that the command line overrides
 */
export async function openNamedPolicy(
  stored: StoredPolicy,
  io: CliIo,
  changes: Partial<PolicySettings> = {},
): Promise<Result<NamedPolicy>> {
  const isCheckpoint = stored.described.ok && stored.described.value.kind === 'internvla-a1'
  if (stored.described.ok && !isCheckpoint && changes.precision !== undefined && changes.precision !== 'auto')
    return fail(
      'control/not-allowed',
      `${stored.id} is computed as its file says: only InternVLA-A1 checkpoints have a choice of precision`,
      { precision: changes.precision },
    )
  const kept = await policySettingsOf(io, stored.id)
  if (!kept.ok) return kept
  const settings = { ...kept.value, ...changes }
  const providers = new ProviderDesk([cudaFolder(io.dataDir)])
  const log = { warn: (_area: string, message: string) => io.note(message) }
  const opened = await openStoredPolicy(stored, { settings, providers, clock: machineClockUs, log })
  return opened.ok ? ok({ policy: opened.value, settings }) : opened
}
