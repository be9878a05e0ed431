/** The contract check of a policy on disk against a rig: the lines of its contract, and those of its network where it has one. */
import { checkContract, type RigContract } from '#core/policy/contract-check.ts'
import { ok, type Result } from '#core/result.ts'
import type { CheckLine, PolicySettings } from '#contract/services/policy.ts'
import { factsOf } from './policy-description.ts'
import type { StoredPolicy } from './policy-store.ts'

export interface CheckOptions {
  readonly resourcesDir: string
  /** The instruction that is meant to be given; null checks none. */
  readonly task: string | null
  /** Present state by channel name of the rig, in its units; null checks none. */
  readonly state: Readonly<Record<string, number>> | null
}

/** Fails with the stored policy's own fault. */
export async function checkPolicy(
  { described }: StoredPolicy,
  rig: RigContract,
  settings: Pick<PolicySettings, 'cameras' | 'joints' | 'robot'>,
  _options: CheckOptions,
): Promise<Result<CheckLine[]>> {
  if (!described.ok) return described
  const { contract, isLearned } = factsOf(described.value)
  return ok([...checkContract(contract, isLearned, rig, settings)])
}
