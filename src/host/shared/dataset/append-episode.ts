/**
 * Adds one episode to a dataset in one transaction, in the order of spec/lerobot.md §1.14: videos, rows, episode, tasks,
 * statistics, info last. Each episode has files of its own, so that nothing saved is ever opened for writing again.
 */
import type { DatasetStats } from '#core/dataset/aggregate-stats.ts'
import { dataStats, dataTable, defaultColumns, type EpisodeColumns } from '#core/dataset/episode-data.ts'
import { episodeTable, type VideoSpan } from '#core/dataset/episode-table.ts'
import type { EpisodeEvidence } from '#core/dataset/evidence.ts'
import { videoKeys } from '#core/dataset/feature.ts'
import { type DatasetInfo, serialiseInfo } from '#core/dataset/info.ts'
import {
  dataFolder,
  episodesFolder,
  fillTemplate,
  infoPath,
  statsPath,
  tasksPath,
  videosFolder,
} from '#core/dataset/layout.ts'
import { serialiseStats } from '#core/dataset/stats-json.ts'
import { tasksTable } from '#core/dataset/tasks-table.ts'
import { type Fault, ok, type Result } from '#core/result.ts'
import { lockDataset } from './dataset-lock.ts'
import { planSegment } from './episode-segments.ts'
import { datasetStats } from './episode-stats.ts'
import { errnoOf, ioFault } from './io-fault.ts'
import { encodeParquet } from './parquet-encode.ts'
import { type DatasetContents, readDataset } from './read-dataset.ts'
import { freeSlot, listSlots } from './slot-files.ts'
import { DatasetTransaction, recoverTransaction } from './transaction.ts'
import { type VideoSource, writeVideo } from './write-video.ts'

export interface NewEpisode {
  readonly task: string
  readonly length: number
  /** Every feature but LeRobot's five and the pictures. */
  readonly columns: EpisodeColumns
  /** Video key → source. */
  readonly videos: Readonly<Record<string, VideoSource>>
  /** Video key → statistics; a key may be missing when no picture was sampled. */
  readonly pictureStats: DatasetStats
  readonly evidence: EpisodeEvidence
}

export interface AppendedEpisode {
  readonly episodeIndex: number
  /** True when this take was in the dataset already: an earlier attempt had gone through. */
  readonly wasSaved: boolean
}

/** Carries a fault out of nested steps so that the transaction is abandoned in one place. */
class StepFault extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new StepFault(result.error)
  return result.value
}

/**
 * Codes: those of `lockDataset` and `readInfo`, `dataset/damaged` (the take's pictures or the dataset), `record/disk-full`,
 * `record/read-only`. After a failure the dataset is as before.
 */
export async function appendEpisode(root: string, episode: NewEpisode): Promise<Result<AppendedEpisode>> {
  const locked = await lockDataset(root)
  if (!locked.ok) return locked
  await using _lock = locked.value
  const transaction = new DatasetTransaction(root)
  try {
    await recoverTransaction(root)
    const contents = need(await readDataset(root))
    const saved = contents.episodes.find((e) => e.evidence?.takeId === episode.evidence.takeId)
    if (saved !== undefined) return ok({ episodeIndex: saved.episodeIndex, wasSaved: true })
    const episodeIndex = await stageEpisode(transaction, contents, episode)
    await transaction.commit()
    return ok({ episodeIndex, wasSaved: false })
  } catch (error) {
    await transaction.abandon().catch(() => undefined)
    if (error instanceof StepFault) return { ok: false, error: error.fault }
    if (errnoOf(error) !== undefined) return { ok: false, error: ioFault(error, root, 'dataset') }
    throw error
  }
}

async function stageEpisode(
  transaction: DatasetTransaction,
  contents: DatasetContents,
  episode: NewEpisode,
): Promise<number> {
  const { root, info } = contents
  const episodeIndex = info.totalEpisodes
  const fromIndex = info.totalFrames
  const knownTask = contents.tasks.indexOf(episode.task)
  const taskIndex = knownTask < 0 ? contents.tasks.length : knownTask
  const videos = await stageVideos(transaction, contents, episode)

  const numbers = { episodeIndex, fromIndex, taskIndex, length: episode.length, fps: info.fps }
  const columns = { ...episode.columns, ...defaultColumns(numbers) }
  const data = need(await freeSlot(root, dataFolder, '.parquet', info.chunksSize))
  await transaction.put(fillTemplate(info.dataPath, data), encodeParquet(dataTable(info.features, columns)))

  const stats: DatasetStats = { ...dataStats(info.features, columns), ...episode.pictureStats }
  const record = {
    episodeIndex,
    tasks: [episode.task],
    length: episode.length,
    data,
    fromIndex,
    toIndex: fromIndex + episode.length,
    videos,
  }
  const files = need(
    await planSegment(root, info.chunksSize, (meta) =>
      episodeTable({ ...record, meta }, info.features, stats, episode.evidence),
    ),
  )
  for (const { path, table } of files) await transaction.put(path, encodeParquet(table))
  if (knownTask < 0)
    await transaction.put(tasksPath, encodeParquet(tasksTable([...contents.tasks, episode.task])))
  const listed = need(await listSlots(root, episodesFolder)).map(({ path }) => path)
  const changed = new Map(files.map(({ path, table }) => [path, table]))
  const all = need(await datasetStats(root, [...new Set([...listed, ...changed.keys()])], changed))
  await transaction.put(statsPath, serialiseStats(all, info.features))
  const totals: DatasetInfo = {
    ...info,
    totalEpisodes: episodeIndex + 1,
    totalFrames: fromIndex + episode.length,
    totalTasks: Math.max(contents.tasks.length, taskIndex + 1),
  }
  await transaction.put(infoPath, serialiseInfo(totals))
  return episodeIndex
}

async function stageVideos(
  transaction: DatasetTransaction,
  { root, info }: DatasetContents,
  episode: NewEpisode,
): Promise<Record<string, VideoSpan>> {
  const spans: Record<string, VideoSpan> = {}
  for (const key of videoKeys(info.features)) {
    const source = episode.videos[key]
    if (source === undefined || info.videoPath === null)
      throw new StepFault({ code: 'record/camera-missing', message: `the take has no pictures for ${key}` })
    if (source.frames.length !== episode.length)
      throw new StepFault({
        code: 'dataset/damaged',
        message: `${source.frames.length} pictures of ${key} for ${episode.length} rows`,
      })
    const slot = need(await freeSlot(root, `${videosFolder}/${key}`, '.mp4', info.chunksSize))
    await transaction.putWith(fillTemplate(info.videoPath, slot, key), async (file) => {
      need(await writeVideo(file, source, info.fps))
    })
    spans[key] = { slot, fromTimestamp: 0, toTimestamp: episode.length / info.fps }
  }
  return spans
}
