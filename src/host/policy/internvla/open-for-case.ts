/** A checkpoint folder made ready to answer cases: graphs, tokenizer, statistics, the robots that ship. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fullRoom } from '#core/policy/internvla/sequence-room.ts'
import { parseRobotStatistics } from '#core/policy/robot-statistics.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { Precision, ProviderName } from '#contract/services/policy.ts'
import { describeImported, isImported } from '../import/describe-imported.ts'
import { providerEnvironment } from '../providers/probe-provider.ts'
import { InternVlaEngine } from './engine.ts'
import { findTokenizer, placesOfCase } from './find-tokenizer.ts'
import { CheckpointSource, readFolderModel, type ModelSource } from './model-source.ts'
import { readRobotProfiles } from './robot-profiles.ts'
import type { CaseSetup } from './run-case.ts'
import { roomFor } from './room-for.ts'
import { computeThreads } from './threads.ts'

export interface CaseModelOptions {
  readonly folder: string
  readonly caseDir: string
  readonly tokenizer: string | null
  readonly provider: ProviderName
  readonly precision: Precision
  readonly isTraced: boolean
  readonly resourcesDir: string
  readonly cudaFolders: readonly string[]
  /** Ends a conversion; @throws what it was aborted with */
  readonly signal: AbortSignal
}

export interface CaseModel extends AsyncDisposable {
  readonly setup: Omit<CaseSetup, 'isTraced'>
}

/** Fails with the codes of checkpoints, tokenizer, statistics and runtime. */
export async function openForCase(options: CaseModelOptions): Promise<Result<CaseModel>> {
  const { folder, provider, isTraced } = options
  const profiles = await readRobotProfiles(options.resourcesDir)
  if (!profiles.ok) return profiles
  const model = await readFolderModel(folder)
  if (!model.ok) return model
  const text = await readFile(join(folder, 'stats.json'), 'utf8').catch(() => null)
  if (text === null)
    return fail('policy/checkpoint-incomplete', `${folder} has no stats.json`, { path: folder })
  const statistics = parseRobotStatistics(text)
  if (!statistics.ok) return statistics
  const place = await openSource(options)
  if (!place.ok) return place
  const { source, tokenizer } = place.value
  const tokeniser = await findTokenizer(
    options.tokenizer ?? tokenizer,
    folder,
    source.model,
    placesOfCase(options.caseDir),
  )
  const room = tokeniser.ok ? await roomFor(source, provider, null) : tokeniser
  const engine = room.ok
    ? await InternVlaEngine.open(source, {
        provider,
        env: providerEnvironment(provider, options.cudaFolders),
        threads: computeThreads(),
        hasPrepacking: room.value.forPrepacking,
        hasForesight: isTraced,
        isTraced,
        // Intermediates are compared with those of the official sequence; else the first call tells.
        room: isTraced ? fullRoom : null,
      })
    : room
  if (!tokeniser.ok || !engine.ok) {
    await source[Symbol.asyncDispose]()
    return tokeniser.ok ? (engine as Result<never>) : tokeniser
  }
  const setup = {
    source,
    engine: engine.value,
    tokeniser: tokeniser.value,
    statistics: statistics.value,
    profiles: profiles.value,
  }
  return ok({
    setup,
    [Symbol.asyncDispose]: async () => {
      await setup.engine[Symbol.asyncDispose]()
      await source[Symbol.asyncDispose]()
    },
  })
}

/** An imported policy in a form that was made at its import, or a checkpoint where it lies. */
async function openSource({
  folder,
  precision,
  resourcesDir,
  signal,
}: CaseModelOptions): Promise<Result<{ source: ModelSource; tokenizer: string | null }>> {
  if (!isImported(folder)) {
    const source = await CheckpointSource.open(folder, precision, signal)
    if (!source.ok) return source
    const scanned = await source.value.scan(signal)
    if (scanned.ok) return ok({ source: source.value, tokenizer: null })
    await source.value[Symbol.asyncDispose]()
    return scanned
  }
  const described = await describeImported(folder, resourcesDir)
  if (!described.ok) return described
  const { offers, tokenizer } = described.value
  const offer = offers.find((candidate) => candidate.precision === precision)
  if (offer === undefined) {
    const there = offers.map((candidate) => candidate.precision).join(', ')
    const message = `this policy was imported as ${there}, not as ${precision}: import it again with that precision`
    return fail('policy/conversion-failed', message, { precision })
  }
  const source = await offer.open()
  return source.ok ? ok({ source: source.value, tokenizer }) : source
}
