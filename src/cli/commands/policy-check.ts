/** `foresight policy check`: whether a policy runs here, how fast, and whether it fits a rig. */
import { so101Follower } from '#core/arm/so101-profile.ts'
import { isAccepted } from '#core/policy/contract-check.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { CheckLine } from '#contract/services/policy.ts'
import { checkPolicy } from '#host/policy/check-policy.ts'
import { factsOf } from '#host/policy/policy-description.ts'
import type { StoredPolicy } from '#host/policy/policy-store.ts'
import { rigContractOf } from '#host/rig/desk/rig-contract.ts'
import { createRigStore } from '#host/rig/rig-store.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { findPolicy } from '../policy/find-policy.ts'
import { openNamedPolicy, policySettingsOf } from '../policy/open-named-policy.ts'
import { readOptions } from '../read-options.ts'

export const policyCheckCommand: CliCommand = {
  name: 'policy check',
  summary: 'load a policy, warm it up, and compare it with a rig',
  usage: [
    'foresight policy check POLICY [--rig NAME] [--task TEXT] [--json]',
    '',
    'POLICY       an id from `foresight policy list`, or a folder of a policy',
    '--rig NAME   a saved rig to compare its contract with; without one only the policy itself is checked',
    '--task TEXT  an instruction to check as well, where the policy reads one',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, { rig: 'value', task: 'value' })
    if (typeof read === 'string') return io.misuse(read)
    const [name, ...rest] = read.positionals
    if (name === undefined) return io.misuse('which policy?')
    if (rest.length > 0) return io.misuse(`unexpected ${rest.join(' ')}`)
    const found = await findPolicy(name, io)
    if (!found.ok) return io.fail(found.error)
    const stored = found.value
    if (!stored.described.ok) return io.fail(stored.described.error)
    const facts = factsOf(stored.described.value, null)
    const warmed = await timeWarmUp(stored, io)
    if (!warmed.ok) return io.fail(warmed.error)
    const { rig, task } = read.values
    const lines = await compare(stored, rig ?? null, task ?? null, io)
    if (!lines.ok) return io.fail(lines.error)
    const isGood = isAccepted(lines.value)
    const answer = {
      id: stored.id,
      name: facts.name,
      learned: facts.isLearned,
      ...warmed.value,
      // Null where nothing was compared: a policy that runs is not yet one that fits.
      isFit: rig === undefined ? null : isGood,
      lines: lines.value,
    }
    io.answer(answer, () =>
      [
        `${facts.name}: warm on ${warmed.value.provider}, ${warmed.value.inferMs.toFixed(1)} ms a chunk`,
        ...lines.value.map(lineText),
        ...(rig === undefined ? ['not compared with a rig: --rig NAME does that'] : []),
      ].join('\n'),
    )
    return isGood ? 0 : 1
  },
}

/** Loads, warms and measures one inference on the neutral observation. */
async function timeWarmUp(
  stored: StoredPolicy,
  io: CliIo,
): Promise<Result<{ provider: string; inferMs: number }>> {
  const opened = await openNamedPolicy(stored, io)
  if (!opened.ok) return opened
  await using policy = opened.value.policy
  const first = await policy.warmUp()
  return first.ok ? ok({ provider: policy.provider, inferMs: first.value.inferMs }) : first
}

async function compare(
  stored: StoredPolicy,
  rigName: string | null,
  task: string | null,
  io: CliIo,
): Promise<Result<readonly CheckLine[]>> {
  const rigs = rigName === null ? [] : await createRigStore(io.dataDir).list()
  const rig = rigs.find(({ name }) => name === rigName)
  if (rigName !== null && rig === undefined)
    return fail('shell/not-found', `there is no saved rig ${rigName}`, { rig: rigName })
  const settings = await policySettingsOf(io, stored.id)
  if (!settings.ok) return settings
  const contract = rig === undefined ? null : rigContractOf(rig, so101Follower)
  return checkPolicy(stored, contract, settings.value, { task, state: null })
}

const marks = { ok: '✓', warn: '!', fail: '✗' }

const lineText = ({ id, status, expected, actual, fix }: CheckLine): string =>
  status === 'ok'
    ? `${marks.ok} ${id}: ${actual}`
    : `${marks[status]} ${id}: expected ${expected}, has ${actual}. ${fix}`
