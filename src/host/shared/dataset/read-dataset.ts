/**
 * Reads what describes a LeRobot v3 dataset: info, tasks, and one entry per episode. Statistics and rows are not read, so
 * that a dataset of a thousand episodes opens at once.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEvidence, evidencePrefix, type EpisodeEvidence } from '#core/dataset/evidence.ts'
import { type EpisodeRecord, episodeRecord, episodeRecordColumns } from '#core/dataset/episode-table.ts'
import { videoKeys } from '#core/dataset/feature.ts'
import { type DatasetInfo, parseInfo } from '#core/dataset/info.ts'
import { episodesFolder, foresightPath, infoPath, tasksPath } from '#core/dataset/layout.ts'
import { parseTasks } from '#core/dataset/tasks-table.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { errnoOf, ioFault } from './io-fault.ts'
import { ParquetFile, readParquet } from './parquet-file.ts'
import { listSlots, type SlotFile } from './slot-files.ts'

export interface EpisodeEntry extends EpisodeRecord {
  /** Null for episodes that another program recorded or edited. */
  readonly evidence: EpisodeEvidence | null
}

export interface DatasetContents {
  readonly root: string
  readonly info: DatasetInfo
  readonly tasks: readonly string[]
  /** Position is episode_index. */
  readonly episodes: readonly EpisodeEntry[]
  /** Unit by joint name, from meta/foresight.json; null when the dataset does not say. */
  readonly units: Readonly<Record<string, string>> | null
}

/** Reads meta/info.json. Codes: `dataset/not-found`, `dataset/not-a-dataset`, `dataset/older`, `dataset/newer`, `dataset/damaged`, `dataset/io`. */
export async function readInfo(root: string): Promise<Result<DatasetInfo>> {
  try {
    if (!(await stat(root)).isDirectory())
      return fail('dataset/not-a-dataset', `${root} is no folder`, { path: root })
    return parseInfo(await readFile(join(root, infoPath), 'utf8'))
  } catch (error) {
    const isInside = errnoOf(error) === 'ENOENT' && (await stat(root).catch(() => null)) !== null
    if (isInside) return fail('dataset/not-a-dataset', `${root} has no ${infoPath}`, { path: root })
    return { ok: false, error: ioFault(error, root, 'dataset') }
  }
}

/** Task strings by index; none when the dataset has no tasks yet. */
export async function readTasks(root: string, info: DatasetInfo): Promise<Result<string[]>> {
  const table = await readParquet(join(root, tasksPath))
  if (table.ok) return parseTasks(table.value)
  if (table.error.code !== 'dataset/not-found') return table
  if (info.totalTasks === 0) return ok([])
  return fail('dataset/damaged', `${tasksPath} is missing`, { path: tasksPath })
}

/** One file of meta/episodes, without statistics. */
async function readEpisodeFile(
  root: string,
  file: SlotFile,
  info: DatasetInfo,
): Promise<Result<EpisodeEntry[]>> {
  const opened = await ParquetFile.open(join(root, file.path))
  if (!opened.ok) return opened
  await using parquet = opened.value
  const keys = videoKeys(info.features)
  const known = new Set(parquet.columnNames)
  const wanted = [
    ...episodeRecordColumns(keys).filter((name) => known.has(name)),
    ...parquet.columnNames.filter((name) => name.startsWith(evidencePrefix)),
  ]
  const table = await parquet.read(wanted)
  if (!table.ok) return table
  const entries: EpisodeEntry[] = []
  for (let i = 0; i < table.value.rowCount; i += 1) {
    const row = Object.fromEntries(table.value.columns.map((c) => [c.name, c.values[i]]))
    const record = episodeRecord(row, keys, file.slot)
    if (record === null)
      return fail('dataset/damaged', `${file.path} row ${i} lacks its numbers`, { path: file.path })
    entries.push({ ...record, evidence: parseEvidence(row) })
  }
  return ok(entries)
}

/** All episodes in order. Code `dataset/damaged` when their number or order contradicts info.json (a recorder died). */
export async function readEpisodes(root: string, info: DatasetInfo): Promise<Result<EpisodeEntry[]>> {
  const files = await listSlots(root, episodesFolder)
  if (!files.ok) return files
  const episodes: EpisodeEntry[] = []
  for (const file of files.value) {
    const part = await readEpisodeFile(root, file, info)
    if (!part.ok) return part
    episodes.push(...part.value)
  }
  if (episodes.length !== info.totalEpisodes)
    return fail(
      'dataset/damaged',
      `${episodes.length} episodes described, ${info.totalEpisodes} in info.json`,
      { path: root },
    )
  const misplaced = episodes.findIndex((episode, i) => episode.episodeIndex !== i)
  if (misplaced >= 0)
    return fail(
      'dataset/damaged',
      `row ${misplaced} of meta/episodes is episode ${episodes[misplaced]?.episodeIndex ?? -1}`,
      { path: root },
    )
  return ok(episodes)
}

async function readUnits(root: string): Promise<Readonly<Record<string, string>> | null> {
  try {
    const json: unknown = JSON.parse(await readFile(join(root, foresightPath), 'utf8'))
    const units = typeof json === 'object' && json !== null && 'units' in json ? json.units : null
    if (typeof units !== 'object' || units === null) return null
    return Object.fromEntries(Object.entries(units).map(([name, unit]) => [name, String(unit)]))
  } catch {
    return null
  }
}

/** Reads everything but rows and statistics. Does not recover: a dataset of ours may need that first (`openDataset`). */
export async function readDataset(root: string): Promise<Result<DatasetContents>> {
  const info = await readInfo(root)
  if (!info.ok) return info
  const tasks = await readTasks(root, info.value)
  if (!tasks.ok) return tasks
  const episodes = await readEpisodes(root, info.value)
  if (!episodes.ok) return episodes
  return ok({
    root,
    info: info.value,
    tasks: tasks.value,
    episodes: episodes.value,
    units: await readUnits(root),
  })
}
