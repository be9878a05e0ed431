/**
 * One import from a checkpoint folder to an entry of the list. Everything is written beside its place and takes its name
 * last, so that a list never shows half a policy; a conversion that was interrupted is found again by its slug.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { importedFileName, importedFormat, type ImportedPolicy } from '#core/policy/imported-policy.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import type { ImportJob, ImportReport } from '#contract/services/policy-import.ts'
import type { Precision } from '#contract/services/policy.ts'
import { writeFileAtomic } from '../../shared/atomic-file.ts'
import { freeSlug, slugOf } from '../slug.ts'
import { convertWeights, type ConversionReport } from './convert-weights.ts'
import { ImportedSource, type ImportedPlace } from './imported-source.ts'
import { inspectCheckpoint, type InspectedCheckpoint } from './inspect-checkpoint.ts'
import { scanWeights } from '../internvla/scan-weights.ts'
import { spotCheck, type SpotCheck } from './spot-check.ts'
import { draftName } from './sweep-drafts.ts'
import { trialRun, type SelfCheck, type TrialRun } from './trial-run.ts'

export interface ImportQuestion {
  readonly source: string
  readonly name: string
  readonly robot: string | null
  readonly tokenizer: string | null
  readonly precision: Precision | 'auto'
}

export interface ImportOptions {
  /** The user's own policies; made when it is not there. */
  readonly ownDir: string
  readonly dataDir: string
  readonly resourcesDir: string
  readonly nowMs: () => number
  readonly onProgress: (progress: Pick<ImportJob, 'step' | 'progress' | 'bytesDone' | 'bytesTotal'>) => void
  readonly signal: AbortSignal
  /** Computes a first chunk of what was imported. */
  readonly trial?: TrialRun
}

/** Small files of a checkpoint that a policy keeps a copy of. */
const copied = ['config.json', 'dims.json', 'train_config.json', 'stats.json'] as const
const reportName = 'report.json'

/**
 * @returns the id under which the policy is listed, with the report
 * Fails with the codes of checkpoints and conversions, `policy/busy`, `shell/io`; `contract/cancelled` when aborted.
 */
export async function importCheckpoint(
  question: ImportQuestion,
  options: ImportOptions,
): Promise<Result<{ readonly policyId: string; readonly report: ImportReport }>> {
  const { signal, onProgress } = options
  const step = (name: ImportJob['step']): void => {
    signal.throwIfAborted()
    onProgress({ step: name, progress: null, bytesDone: 0, bytesTotal: null })
  }
  try {
    const startMs = options.nowMs()
    step('read')
    const inspected = await inspectCheckpoint(question.source, { ...options, ...question })
    if (!inspected.ok) return inspected
    await using checkpoint = inspected.value
    step('check')
    const tensors = [...checkpoint.used].flatMap((name) => checkpoint.files.index.tensors.get(name) ?? [])
    const scanned = await scanWeights(tensors, checkpoint.files, signal)
    if (!scanned.ok) return scanned
    const name = question.name.trim() || basename(question.source)
    await mkdir(options.ownDir, { recursive: true })
    const slug = freeSlug(slugOf(name) || 'policy', await readdir(options.ownDir))
    return await write(
      question,
      options,
      checkpoint,
      { name, slug, scannedBytes: scanned.value, startMs },
      step,
    )
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, error: error.fault }
    if (signal.aborted) return fail('contract/cancelled', 'the import was cancelled')
    const message = error instanceof Error ? error.message : String(error)
    return fail('shell/io', `${options.ownDir}: ${message}`, { path: options.ownDir })
  }
}

async function write(
  question: ImportQuestion,
  options: ImportOptions,
  checkpoint: InspectedCheckpoint,
  {
    name,
    slug,
    scannedBytes,
    startMs,
  }: {
    readonly name: string
    readonly slug: string
    readonly scannedBytes: number
    readonly startMs: number
  },
  step: (name: ImportJob['step']) => void,
): Promise<Result<{ readonly policyId: string; readonly report: ImportReport }>> {
  const { ownDir, signal, onProgress } = options
  const { description, noted, report, license, tokenizer } = checkpoint
  const draft = join(ownDir, draftName(slug))
  const folder = join(ownDir, slug)
  await mkdir(draft, { recursive: true })
  const precision = question.precision === 'auto' ? 'fp32' : question.precision
  const weights = precision === 'fp32' ? null : `weights.${precision}.bin`
  let converted: Converted | null = null
  if (weights !== null) {
    step('convert')
    // Places in the plan are those of the finished folder; only the bytes are written into the draft.
    const place: ImportedPlace = { folder, source: question.source, precision, weights }
    const plan = ImportedSource.plan(description.model, checkpoint.files, checkpoint.used, place)
    if (plan !== null) {
      const path = join(draft, weights)
      const done = await convertWeights(
        path,
        plan,
        noted,
        checkpoint.files,
        ({ bytesDone, bytesTotal }) =>
          onProgress({ step: 'convert', progress: bytesDone / bytesTotal, bytesDone, bytesTotal }),
        signal,
      )
      if (!done.ok) return done
      const spots = await spotCheck(path, plan, checkpoint.files, precision)
      if (!spots.ok) {
        // The next try must not go on with it.
        await rm(path, { force: true })
        return spots
      }
      converted = { ...done.value, ...spots.value }
    }
  }
  step('write')
  for (const file of copied)
    if (existsSync(join(question.source, file)))
      await copyFile(join(question.source, file), join(draft, file))
  if (tokenizer !== null) await copyFile(tokenizer, join(draft, 'tokenizer.json'))
  const variants: ImportedPolicy['variants'] = [
    ...(weights === null ? [] : [{ precision, weights, memoryBytes: report.memoryBytes[precision] ?? 0 }]),
    { precision: 'fp32', weights: null, memoryBytes: report.memoryBytes.fp32 ?? 0 },
  ]
  const policy: ImportedPolicy = {
    format: importedFormat,
    name,
    architecture: description.model.architecture,
    source: question.source,
    files: [...noted],
    robot: question.robot,
    tokenizer: null,
    license,
    importedAt: new Date(options.nowMs()).toISOString(),
    variants,
  }
  const elapsedMs = (): number => options.nowMs() - startMs
  const own = weightChecks(scannedBytes, precision, converted)
  const full: ImportReport = { ...report, selfChecks: own, elapsedMs: elapsedMs() }
  await writeFile(join(draft, reportName), JSON.stringify(full, null, 2))
  await writeFile(join(draft, importedFileName), JSON.stringify(policy, null, 2))
  await rm(folder, { recursive: true, force: true })
  await rename(draft, folder)
  onProgress({ step: 'selfCheck', progress: null, bytesDone: 0, bytesTotal: null })
  const tried = await tryOut(folder, options)
  const checked: ImportReport = { ...full, selfChecks: [...own, ...tried], elapsedMs: elapsedMs() }
  // On a disk that has become full the report without these lines stays.
  await writeFileAtomic(join(folder, reportName), JSON.stringify(checked, null, 2)).catch(() => undefined)
  return ok({ policyId: `own/${slug}`, report: checked })
}

/**
 * The policy is there already: what goes wrong now is a line of its report, and nobody waits for it who does not want to. Only
 * a disk that takes no graph ends the import, and nothing is left of it.
 */
async function tryOut(
  folder: string,
  { resourcesDir, signal, trial = trialRun(resourcesDir) }: ImportOptions,
): Promise<readonly SelfCheck[]> {
  try {
    return await trial(folder, signal)
  } catch (error) {
    if (error instanceof FaultError) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    const detail = signal.aborted ? 'given up before its end' : String(error)
    return [{ id: 'statistics', status: signal.aborted ? 'skipped' : 'fail', detail }]
  }
}

type Converted = ConversionReport & SpotCheck

function weightChecks(scannedBytes: number, precision: Precision, converted: Converted | null): SelfCheck[] {
  const megabytes = (scannedBytes / 1e6).toFixed(0)
  const finite: SelfCheck = {
    id: 'finite',
    status: 'ok',
    detail: `${megabytes} MB of weights looked at, all finite`,
  }
  if (converted === null) return [finite, { id: 'range', status: 'skipped', detail: 'nothing was converted' }]
  const { saturated, flushed, tensors, largest } = converted
  const own = 'nothing was converted: the checkpoint’s own half floats are taken as they lie'
  if (tensors === 0)
    return [
      finite,
      { id: 'range', status: 'ok', detail: own },
      { id: 'spots', status: 'skipped', detail: own },
    ]
  return [
    finite,
    {
      id: 'range',
      status: saturated === 0 ? 'ok' : 'warn',
      detail: `${saturated} numbers beyond ±65504, ${flushed} too small for half floats`,
    },
    {
      id: 'spots',
      status: 'ok',
      detail: `rows of ${tensors} tensors read back: ${precision} differs by at most ${largest.toExponential(1)} of their size`,
    },
  ]
}
