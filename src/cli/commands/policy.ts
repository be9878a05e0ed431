/** `foresight policy list` and `foresight policy check`: what is on disk, whether it runs, and whether it fits a rig. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { checkContract, isAccepted, type CheckLine } from '#core/policy/contract-check.ts'
import { contractOf, type PolicyManifest } from '#core/policy/manifest.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { openOnnxPolicy } from '#host/policy/onnx-policy.ts'
import { entryOf, readManifest, readPolicies, type StoredPolicy } from '#host/policy/policy-store.ts'
import { rigContractOf } from '#host/rig/desk/rig-contract.ts'
import { createRigStore } from '#host/rig/rig-store.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import type { CliCommand, CliIo } from '../command.ts'

const foldersOf = (io: CliIo) => ({
  shipped: join(io.resourcesDir, 'policies'),
  own: join(io.dataDir, 'policies'),
})

export const policyListCommand: CliCommand = {
  name: 'policy list',
  summary: 'list the policies on this machine',
  usage: 'foresight policy list [--json]',
  run: async (args, io) => {
    if (args.length > 0) return io.misuse(`unexpected ${args.join(' ')}`)
    const entries = (await readPolicies(foldersOf(io))).map((stored) => entryOf(stored, null))
    const line = ({ id, name, isLearned, fault }: (typeof entries)[number]): string =>
      fault === null
        ? `${id}  ${name}${isLearned ? '' : '  (not learned)'}`
        : `${id}  ${fault.code}: ${fault.message}`
    io.answer({ policies: entries }, () => entries.map(line).join('\n') || 'no policies')
    return 0
  },
}

export const policyCheckCommand: CliCommand = {
  name: 'policy check',
  summary: 'load a policy, warm it up, and compare it with a rig',
  usage: [
    'foresight policy check POLICY [--rig NAME] [--json]',
    '',
    'POLICY      an id from `foresight policy list`, or a folder with manifest.json',
    '--rig NAME  a saved rig to compare its contract with',
  ].join('\n'),
  run: async (args, io) => {
    const parsed = readArguments(args)
    if (typeof parsed === 'string') return io.misuse(parsed)
    const found = await find(parsed.policy, io)
    if (!found.ok) return io.fail(found.error)
    const { stored, manifest } = found.value
    const warmed = await timeWarmUp(stored.folder, manifest)
    if (!warmed.ok) return io.fail(warmed.error)
    const lines = parsed.rig === null ? ok([]) : await compare(manifest, parsed.rig, io)
    if (!lines.ok) return io.fail(lines.error)
    const isFit = isAccepted(lines.value)
    const answer = {
      id: stored.id,
      name: manifest.name,
      learned: manifest.learned,
      ...warmed.value,
      isFit,
      lines: lines.value,
    }
    io.answer(answer, () =>
      [
        `${manifest.name}: warm on ${warmed.value.provider}, ${warmed.value.inferMs.toFixed(1)} ms a chunk`,
        ...lines.value.map(lineText),
      ].join('\n'),
    )
    return isFit ? 0 : 1
  },
}

interface CheckArguments {
  readonly policy: string
  readonly rig: string | null
}

function readArguments(args: readonly string[]): CheckArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { rig: { type: 'string' } },
      allowPositionals: true,
    })
    const [policy, ...rest] = positionals
    if (policy === undefined) return 'which policy?'
    return rest.length > 0 ? `unexpected ${rest.join(' ')}` : { policy, rig: values.rig ?? null }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** An id of the store first, then a folder. */
async function find(
  name: string,
  io: CliIo,
): Promise<Result<{ stored: StoredPolicy; manifest: PolicyManifest }>> {
  const known = (await readPolicies(foldersOf(io))).find(({ id }) => id === name)
  const folder = resolve(name)
  if (known === undefined && !existsSync(folder)) {
    return fail('policy/not-found', `there is no policy ${name}`, { policyId: name })
  }
  const stored = known ?? { id: name, folder, manifest: await readManifest(folder) }
  return stored.manifest.ok ? ok({ stored, manifest: stored.manifest.value }) : stored.manifest
}

/** Loads, warms and measures one inference on the neutral observation. */
async function timeWarmUp(
  folder: string,
  manifest: PolicyManifest,
): Promise<Result<{ provider: string; inferMs: number }>> {
  const opened = await openOnnxPolicy(folder, manifest, 'cpu', machineClockUs)
  if (!opened.ok) return opened
  await using policy = opened.value
  const first = await policy.warmUp()
  return first.ok ? ok({ provider: policy.provider, inferMs: first.value.inferMs }) : first
}

async function compare(
  manifest: PolicyManifest,
  rigName: string,
  io: CliIo,
): Promise<Result<readonly CheckLine[]>> {
  const rig = (await createRigStore(io.dataDir).list()).find(({ name }) => name === rigName)
  if (rig === undefined) return fail('shell/not-found', `there is no saved rig ${rigName}`, { rig: rigName })
  return ok(checkContract(contractOf(manifest), manifest.learned, rigContractOf(rig, so101Follower)))
}

const marks = { ok: '✓', warn: '!', fail: '✗' }

const lineText = ({ id, status, expected, actual, fix }: CheckLine): string =>
  status === 'ok'
    ? `${marks.ok} ${id}: ${actual}`
    : `${marks[status]} ${id}: expected ${expected}, has ${actual}. ${fix}`
