/** What a checkpoint folder holds and whether a policy can be made of it: everything is read but the weights themselves. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { ModelFolds } from '#core/policy/internvla/internvla-model.ts'
import { skippedGroups } from '#core/policy/internvla/tensor-groups.ts'
import { emitModel } from '#core/policy/internvla/emit-model.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import type { SourceFile } from '#core/policy/imported-policy.ts'
import type { ImportReport } from '#contract/services/policy-import.ts'
import { CheckpointFiles } from '../internvla/checkpoint-files.ts'
import { describeCheckpoint, type InternVlaDescription } from '../internvla/internvla-description.ts'
import { locateTokenizer, lookAtTokenizer } from '../internvla/find-tokenizer.ts'
import { usedTensors } from '../internvla/used-tensors.ts'
import { adapterTensors } from '../internvla/adapter-check.ts'
import { NotingReader } from '../internvla/noting-reader.ts'
import { estimateMemory } from '../internvla/memory-estimate.ts'
import { everythingMissing } from '../internvla/everything-missing.ts'
import { readLicense } from './model-card.ts'
import { noteFiles } from './source-files.ts'
import { statisticsWarnings } from './statistics-warnings.ts'

export interface InspectedCheckpoint extends AsyncDisposable {
  readonly files: CheckpointFiles
  readonly noted: readonly SourceFile[]
  readonly description: InternVlaDescription
  readonly folds: ModelFolds
  readonly used: ReadonlySet<string>
  readonly license: string | null
  readonly tokenizer: string | null
  readonly report: ImportReport
}

export interface InspectOptions {
  readonly resourcesDir: string
  readonly dataDir: string
  /** A tokenizer that a person named. */
  readonly tokenizer: string | null
  readonly robot: string | null
  readonly nowMs: () => number
}

/** Fails with the codes of checkpoints, `policy/checkpoint-lora`, `policy/statistics-mismatch` (no such robot), `policy/no-tokenizer` (not the one named). */
export async function inspectCheckpoint(
  folder: string,
  options: InspectOptions,
): Promise<Result<InspectedCheckpoint>> {
  const startMs = options.nowMs()
  if (options.tokenizer !== null && !existsSync(options.tokenizer)) {
    const message = `there is no file ${options.tokenizer}: name the tokenizer.json of the base model`
    return fail('policy/no-tokenizer', message, { path: options.tokenizer })
  }
  const described = await describeCheckpoint(folder, options.resourcesDir)
  if (!described.ok) return described
  const { statistics, model, robot } = described.value
  if (options.robot !== null && !statistics.has(options.robot)) {
    const message = `stats.json has no ${options.robot}, only ${[...statistics.keys()].join(', ')}`
    return fail('policy/statistics-mismatch', message, { robot: options.robot })
  }
  const opened = await CheckpointFiles.open(folder, model.trunk.modules.tied)
  if (!opened.ok) return opened
  const files = opened.value
  const gone = async <T>(result: Result<T>): Promise<Result<T>> => {
    await files[Symbol.asyncDispose]()
    return result
  }
  const adapted = adapterTensors(folder, files.index.tensors.keys())
  if (adapted !== null) return gone({ ok: false, error: adapted })
  const reader = new NotingReader(files)
  let folds: ModelFolds
  try {
    folds = await model.computeFolds(reader)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    const { fault } = error
    const isMissing = fault.code === 'policy/checkpoint-incomplete'
    return gone({ ok: false, error: isMissing ? await everythingMissing(model, files, fault) : fault })
  }
  const used = usedTensors(model, folds, files)
  if (!used.ok) return gone(used)
  const emitted = emitModel(model, folds, files.index, { part: 'mono' })
  if (!emitted.ok) return gone(emitted)
  const decoder = emitModel(model, folds, files.index, { part: 'foresight' })
  const noted = await noteFiles(folder, files.names)
  const tokenizer = await locateTokenizer(options.tokenizer, folder, model.architecture, options.dataDir)
  const tokeniser = tokenizer === null ? null : await lookAtTokenizer(tokenizer, model)
  // One that lies there by chance is told of; one that a person named must be the right one.
  if (tokeniser?.ok === false && options.tokenizer !== null) return gone(tokeniser)
  const license = await readLicense(folder)
  const report: ImportReport = {
    architecture: model.architecture,
    source: folder,
    files: noted.map(({ path, bytes }) => ({ path, bytes })),
    used: usedOf(files, used.value),
    skipped: [...skippedGroups(files.index, used.value, reader.stored, model.trunk.modules)],
    folded: [
      {
        name: 'folds of the graphs',
        bytes: emitted.value.sidecar.length,
        from: [...reader.stored].toSorted(),
      },
    ],
    nodes: emitted.value.nodeCount,
    memoryBytes: estimateMemory(files.index, used.value, model.trunk),
    actionMode: described.value.training.actionMode,
    robots: [...statistics.keys()],
    tokenizer,
    warnings: [
      ...statisticsWarnings(described.value, options.robot ?? robot),
      ...(decoder.ok
        ? []
        : [{ code: 'no-decoder', message: 'no picture decoder: this policy acts but foresees nothing' }]),
      ...(tokenizer === null
        ? [{ code: 'no-tokenizer', message: `${basename(folder)} has no tokenizer beside it` }]
        : []),
      ...(tokeniser?.ok === false ? [{ code: 'bad-tokenizer', message: tokeniser.error.message }] : []),
    ],
    selfChecks: [],
    elapsedMs: options.nowMs() - startMs,
  }
  return ok({
    files,
    noted,
    description: described.value,
    folds,
    used: used.value,
    license,
    tokenizer,
    report,
    [Symbol.asyncDispose]: () => files[Symbol.asyncDispose](),
  })
}

function usedOf({ index }: CheckpointFiles, used: ReadonlySet<string>): ImportReport['used'] {
  const byDtype: Record<string, number> = {}
  let bytes = 0
  for (const name of used) {
    const tensor = index.tensors.get(name)
    if (tensor === undefined) continue
    bytes += tensor.length
    byDtype[tensor.dtype] = (byDtype[tensor.dtype] ?? 0) + tensor.length
  }
  return { tensors: used.size, bytes, byDtype }
}
