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
import { freeSlug, slugOf } from '../slug.ts'
import { convertWeights } from './convert-weights.ts'
import { ImportedSource, type ImportedPlace } from './imported-source.ts'
import { inspectCheckpoint, type InspectedCheckpoint } from './inspect-checkpoint.ts'
import { scanWeights } from './scan-weights.ts'

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
}

/** Small files of a checkpoint that a policy keeps a copy of. */
const copied = ['config.json', 'dims.json', 'train_config.json', 'stats.json'] as const
const reportName = 'report.json'
/** Unfinished imports; a dot keeps them out of the list. */
const draftName = (slug: string): string => `.${slug}.import`

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
    return await write(question, options, checkpoint, { name, slug, scannedBytes: scanned.value }, step)
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
  }: { readonly name: string; readonly slug: string; readonly scannedBytes: number },
  step: (name: ImportJob['step']) => void,
): Promise<Result<{ readonly policyId: string; readonly report: ImportReport }>> {
  const { ownDir, signal, onProgress } = options
  const { description, noted, report, license, tokenizer } = checkpoint
  const draft = join(ownDir, draftName(slug))
  const folder = join(ownDir, slug)
  await mkdir(draft, { recursive: true })
  const precision = question.precision === 'auto' ? 'fp32' : question.precision
  const weights = precision === 'fp32' ? null : `weights.${precision}.bin`
  let converted: { saturated: number; flushed: number } | null = null
  if (weights !== null) {
    step('convert')
    // Places in the plan are those of the finished folder; only the bytes are written into the draft.
    const place: ImportedPlace = { folder, source: question.source, precision, weights }
    const plan = ImportedSource.plan(description.model, checkpoint.files, checkpoint.used, place)
    if (plan !== null && !existsSync(join(draft, weights))) {
      const done = await convertWeights(
        join(draft, weights),
        plan,
        noted,
        checkpoint.files,
        ({ bytesDone, bytesTotal }) =>
          onProgress({ step: 'convert', progress: bytesDone / bytesTotal, bytesDone, bytesTotal }),
        signal,
      )
      if (!done.ok) return done
      converted = done.value
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
  const full: ImportReport = { ...report, selfChecks: selfChecks(scannedBytes, converted) }
  await writeFile(join(draft, reportName), JSON.stringify(full, null, 2))
  await writeFile(join(draft, importedFileName), JSON.stringify(policy, null, 2))
  await rm(folder, { recursive: true, force: true })
  await rename(draft, folder)
  return ok({ policyId: `own/${slug}`, report: full })
}

function selfChecks(
  scannedBytes: number,
  converted: { readonly saturated: number; readonly flushed: number } | null,
): ImportReport['selfChecks'] {
  const megabytes = (scannedBytes / 1e6).toFixed(0)
  return [
    { id: 'finite', status: 'ok', detail: `${megabytes} MB of weights looked at, all finite` },
    converted === null
      ? { id: 'range', status: 'skipped', detail: 'nothing was converted' }
      : {
          id: 'range',
          status: converted.saturated === 0 ? 'ok' : 'warn',
          detail: `${converted.saturated} numbers beyond ±65504, ${converted.flushed} too small for half floats`,
        },
  ]
}
