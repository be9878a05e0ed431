/**
 * Writes the converted form of a checkpoint's weights: read in blocks of rows, narrowed or cut into blocks, written at the
 * places of the plan. It goes on where it stopped: a note beside the unfinished file says for which plan it is and how many
 * tensors are complete. The file takes its name only when it is whole.
 */
import { createHash } from 'node:crypto'
import { open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ConversionPlan, PlannedTensor } from '#core/policy/internvla/conversion-plan.ts'
import type { SourceFile } from '#core/policy/imported-policy.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { convertTensor, type ConversionReader } from '../internvla/convert-tensor.ts'

export interface ConversionReport {
  /** Numbers beyond the range of half floats, and those too small for it. */
  readonly saturated: number
  readonly flushed: number
}

export interface ConversionProgress {
  readonly bytesDone: number
  readonly bytesTotal: number
}

/** Left free on the disk. */
const reserveBytes = 256 << 20

/**
 * Fails with `policy/conversion-failed` (no room, with numbers; or the system's error). @throws what `signal` was aborted with
 */
export async function convertWeights(
  path: string,
  plan: ConversionPlan,
  files: readonly SourceFile[],
  reader: ConversionReader,
  onProgress: (progress: ConversionProgress) => void,
  signal: AbortSignal,
): Promise<Result<ConversionReport>> {
  const part = `${path}.part`
  const note = `${path}.note`
  const key = planKey(plan, files)
  const begun = await readNote(note, key)
  const start = begun?.tensors ?? 0
  const counts = { saturated: begun?.saturated ?? 0, flushed: begun?.flushed ?? 0 }
  try {
    const room = await checkRoom(path, plan.bytes - (await sizeOf(part)))
    if (!room.ok) return room
    await using file = await open(part, start > 0 ? 'r+' : 'w')
    await file.truncate(plan.bytes)
    let bytesDone = plan.tensors.slice(0, start).reduce((sum, { to }) => sum + bytesOf(to), 0)
    for (const [index, planned] of plan.tensors.slice(start).entries()) {
      signal.throwIfAborted()
      await convertTensor(planned, reader, file, counts, signal)
      bytesDone += bytesOf(planned.to)
      await file.datasync()
      await writeFile(note, JSON.stringify({ key, tensors: start + index + 1, ...counts }))
      onProgress({ bytesDone, bytesTotal: plan.bytes })
    }
    await file.sync()
  } catch (error) {
    if (signal.aborted) throw error
    return fail(
      'policy/conversion-failed',
      `${path}: ${error instanceof Error ? error.message : String(error)}`,
      {
        path,
      },
    )
  }
  await rename(part, path)
  await rm(note, { force: true })
  return ok(counts)
}

const bytesOf = (to: PlannedTensor['to']): number =>
  to.form === 'half' ? to.data.length : to.packed.length + to.scales.length

/** Another plan, or another checkpoint, begins anew. */
function planKey(plan: ConversionPlan, files: readonly SourceFile[]): string {
  const places = plan.tensors.map(({ tensor, to }) => [tensor.storedAs, tensor.offset, to])
  const sources = files.map(({ path, bytes, modifiedMs, headerSha256 }) => [
    path,
    bytes,
    modifiedMs,
    headerSha256,
  ])
  return createHash('sha256')
    .update(JSON.stringify([places, sources]))
    .digest('hex')
}

interface Note {
  readonly tensors: number
  readonly saturated: number
  readonly flushed: number
}

async function readNote(path: string, key: string): Promise<Note | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const note = JSON.parse(text) as Partial<Note & { key: string }>
    const { tensors, saturated, flushed } = note
    const isNumber = [tensors, saturated, flushed].every((value) => typeof value === 'number')
    return note.key === key && isNumber
      ? { tensors: tensors ?? 0, saturated: saturated ?? 0, flushed: flushed ?? 0 }
      : null
  } catch {
    return null
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ blocks }) => blocks * 512,
    () => 0,
  )

async function checkRoom(path: string, needed: number): Promise<Result<void>> {
  const { bavail, bsize } = await statfs(dirname(path))
  const free = bavail * bsize - reserveBytes
  if (needed <= free) return ok(undefined)
  const size = (bytes: number): string =>
    bytes < 1e9 ? `${Math.ceil(Math.max(0, bytes) / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
  const spare = reserveBytes >> 20
  const message = `the converted weights need ${size(needed)} on disk; beside ${spare} MB that are left alone, ${size(free)} are free in ${dirname(path)}`
  return fail('policy/conversion-failed', message, { neededBytes: needed, freeBytes: Math.max(0, free) })
}
