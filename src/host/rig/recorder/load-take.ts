/**
 * Reads a take's journal back: as much of it as is whole. A take that was not closed in order (the process died) ends at
 * the last frame that has its row and an intact picture of every camera.
 */
import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { measureSurprise, measureTake, takeColumns, type TakeContent } from '#core/dataset/take-evidence.ts'
import type { DatasetStats } from '#core/dataset/aggregate-stats.ts'
import { imageKey } from '#core/dataset/feature.ts'
import { pictureStats } from '#core/dataset/stats.ts'
import { readTakeFrames, type TakeFrame } from '#core/dataset/take-frame.ts'
import { sumHistograms } from '#core/dataset/take-histogram.ts'
import { readTakeRows } from '#core/dataset/take-row.ts'
import type { Outcome } from '#core/dataset/evidence.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { NewEpisode } from '../../shared/dataset/append-episode.ts'
import { errnoOf } from '../../shared/dataset/io-fault.ts'
import type { VideoSource } from '../../shared/dataset/write-video.ts'
import { takeLayout } from './take-journal.ts'
import {
  cameraConfig,
  readTakeFile,
  takeClosing,
  type TakeClosing,
  takeDecision,
  type TakeDecision,
  takeFiles,
  takeMeta,
  type TakeMeta,
} from './take-meta.ts'

export interface StoredTake {
  readonly folder: string
  readonly meta: TakeMeta
  readonly closing: TakeClosing | null
  readonly decision: TakeDecision | null
  readonly content: TakeContent
  readonly frames: number
}

async function readOrEmpty(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return new Uint8Array()
    throw error
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0
    throw error
  }
}

/** The pictures before the first whose bytes do not match their checksum. */
async function intactFrames(
  frames: readonly TakeFrame[],
  samplesPath: string,
): Promise<readonly TakeFrame[]> {
  if (frames.length === 0) return frames
  await using file = await open(samplesPath, 'r')
  for (const [i, frame] of frames.entries()) {
    const bytes = new Uint8Array(frame.size)
    const { bytesRead } = await file.read(bytes, 0, frame.size, frame.offset)
    if (bytesRead !== frame.size || crc32(bytes) !== frame.sampleCrc) return frames.slice(0, i)
  }
  return frames
}

async function loadContent(
  folder: string,
  meta: TakeMeta,
  closing: TakeClosing | null,
): Promise<TakeContent> {
  const rows = readTakeRows(takeLayout(meta), await readOrEmpty(join(folder, takeFiles.rows)))
  const cameras: Record<string, readonly TakeFrame[]> = {}
  for (const { name } of meta.spec.cameras) {
    const samples = join(folder, takeFiles.samples(name))
    const index = await readOrEmpty(join(folder, takeFiles.index(name)))
    const frames = readTakeFrames(index, await sizeOf(samples))
    cameras[name] = closing === null ? await intactFrames(frames, samples) : frames
  }
  const available = Math.min(rows.length, ...Object.values(cameras).map((frames) => frames.length))
  const frames = Math.min(available, closing?.frames ?? available)
  return {
    t0Us: meta.t0Us,
    fps: meta.spec.fps,
    rows: rows.slice(0, frames),
    cameras: Object.fromEntries(Object.entries(cameras).map(([name, list]) => [name, list.slice(0, frames)])),
  }
}

/** Code `record/io` when the folder is no take or cannot be read. */
export async function loadTake(folder: string): Promise<Result<StoredTake>> {
  const meta = await readTakeFile(folder, takeFiles.meta, takeMeta)
  if (!meta.ok) return meta
  if (meta.value === null) return fail('record/io', `${folder} is no take`, { folder })
  const closing = await readTakeFile(folder, takeFiles.closing, takeClosing)
  if (!closing.ok) return closing
  const decision = await readTakeFile(folder, takeFiles.decision, takeDecision)
  if (!decision.ok) return decision
  try {
    const content = await loadContent(folder, meta.value, closing.value)
    return ok({
      folder,
      meta: meta.value,
      closing: closing.value,
      decision: decision.value,
      content,
      frames: content.rows.length,
    })
  } catch (error) {
    return fail('record/io', `${folder} cannot be read: ${String(error)}`, { folder })
  }
}

/** The episode that a take becomes. Code `record/not-recording` when it has no frame at all. */
export async function episodeOfTake(take: StoredTake, outcome: Outcome): Promise<Result<NewEpisode>> {
  const { meta, content, folder } = take
  if (take.frames === 0) return fail('record/not-recording', `take ${meta.number} has no frame`)
  const videos: Record<string, VideoSource> = {}
  const stats: Record<string, DatasetStats[string]> = {}
  for (const camera of meta.spec.cameras) {
    const config = await readTakeFile(folder, takeFiles.config(camera.name), cameraConfig)
    if (!config.ok) return config
    if (config.value === null) return fail('capture/encoder', `${camera.name} has no decoder configuration`)
    const key = imageKey(camera.name)
    videos[key] = {
      width: camera.width,
      height: camera.height,
      avcConfig: Buffer.from(config.value.avcConfig, 'base64'),
      frames: content.cameras[camera.name] ?? [],
      samplesPath: join(folder, takeFiles.samples(camera.name)),
    }
    const histograms = sumHistograms(
      await readOrEmpty(join(folder, takeFiles.histograms(camera.name))),
      take.frames,
    )
    const measured = pictureStats(histograms.counts, histograms.pictures)
    if (measured !== null) stats[key] = measured
  }
  return ok({
    task: meta.task,
    length: take.frames,
    columns: takeColumns(content, meta.spec.jointNames.length, meta.spec.sideChannels),
    videos,
    pictureStats: stats,
    evidence: {
      takeId: meta.takeId,
      recordedAt: meta.startedAt,
      operator: meta.operator,
      policy: meta.policy,
      outcome,
      isClosedEarly: take.closing === null || take.closing.fault !== null,
      closeReason: take.closing === null ? 'recovered' : (take.closing.fault?.code ?? 'operator'),
      rigHash: meta.rigHash,
      calibrationHash: meta.calibrationHash,
      surprise: measureSurprise(content.rows, meta.spec.sideChannels),
      ...measureTake(content),
    },
  })
}
