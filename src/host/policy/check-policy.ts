/** The contract check of a policy on disk against a rig: the lines of its contract, and those of its network where it has one. */
import { checkContract, type RigContract } from '#core/policy/contract-check.ts'
import { checkModel, type InstructionFacts } from '#core/policy/model-check.ts'
import type { Channel } from '#core/policy/policy-contract.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import { ok, type Result } from '#core/result.ts'
import type { InstructionTokeniser } from '#core/policy/tokenise.ts'
import type { CheckLine, PolicySettings } from '#contract/services/policy.ts'
import { findTokenizer } from './internvla/find-tokenizer.ts'
import { profileOf, type InternVlaDescription } from './internvla/internvla-description.ts'
import { actionSpace } from './internvla/open-internvla-policy.ts'
import { factsOf } from './policy-description.ts'
import type { StoredPolicy } from './policy-store.ts'

export interface CheckOptions {
  /** The instruction that is meant to be given; null checks none. */
  readonly task: string | null
  /** Present state by channel name of the rig, in its units; null checks none. */
  readonly state: Readonly<Record<string, number>> | null
}

type Chosen = Pick<PolicySettings, 'cameras' | 'joints' | 'robot'>

/**
 * @param rig null where there is none yet: then only what the checkpoint says about itself is checked.
 * Fails with the stored policy's own fault.
 */
export async function checkPolicy(
  { described }: StoredPolicy,
  rig: RigContract | null,
  settings: Chosen,
  options: CheckOptions,
): Promise<Result<CheckLine[]>> {
  if (!described.ok) return described
  const description = described.value
  const { contract, isLearned } = factsOf(description, settings.robot)
  const lines = rig === null ? [] : checkContract(contract, isLearned, rig, settings)
  if (description.kind !== 'internvla-a1') return ok([...lines])
  return ok([...lines, ...(await networkLines(description, rig, settings, options))])
}

async function networkLines(
  description: InternVlaDescription,
  rig: RigContract | null,
  settings: Chosen,
  { task, state }: CheckOptions,
): Promise<readonly CheckLine[]> {
  const robot = settings.robot ?? description.robot
  const { profile, isKnown } = profileOf(description, robot)
  const space = actionSpace(description, robot, profile)
  const robots = [...description.statistics.keys()]
  // Without statistics there is nothing to compare with, and the reason is the only line that helps.
  if (!space.ok) {
    const { message } = space.error
    const fix = 'Choose one of the robots in the checkpoint’s statistics.'
    return [{ id: 'robot', status: 'fail', expected: robot, actual: message, fix }]
  }
  const tokeniser = await findTokenizer(description.tokenizer, description.folder, description.model)
  const { state: stateStatistics, action } = space.value
  const stateChannels = profile.state.flatMap(({ channels }) => channels)
  const facts = {
    robot,
    robots,
    isRobotKnown: isKnown,
    robotTypes: profile.keys,
    actionMode: description.training.actionMode,
    state: stateStatistics,
    action,
    isRelative: profile.action.flatMap(({ isRelative }) => isRelative),
    stateChannels,
    tokenizer: tokeniser.ok ? 'tokenizer.json' : null,
  }
  return checkModel(facts, rig, {
    state: state === null ? null : inOrder(stateChannels, state, settings.joints),
    instruction: task === null || !tokeniser.ok ? null : instructionFacts(tokeniser.value, task),
  })
}

const inOrder = (
  channels: readonly Channel[],
  state: Readonly<Record<string, number>>,
  joints: Readonly<Record<string, string>>,
): number[] => channels.map(({ name }) => state[joints[name] ?? name] ?? Number.NaN)

function instructionFacts(tokeniser: InstructionTokeniser, task: string): InstructionFacts {
  const tokens = tokeniser.encode(task)
  const limit = internVla.textTokens
  return tokens.ok
    ? { tokens: tokens.value.untruncated, limit, problem: null }
    : { tokens: 0, limit, problem: tokens.error.message }
}
