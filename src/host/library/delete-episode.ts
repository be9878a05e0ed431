/**
 * Takes one episode out of a dataset, into its trash. No picture is decoded or copied: its own files move, the rows of
 * later episodes get their new numbers, the files that describe the dataset are written anew.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DatasetInfo, serialiseInfo } from '#core/dataset/info.ts'
import { episodesFolder, episodesPath, fillTemplate, infoPath, statsPath } from '#core/dataset/layout.ts'
import { renumberEpisodes, type Renumbering } from '#core/dataset/renumber.ts'
import { serialiseStats } from '#core/dataset/stats-json.ts'
import { columnValues, filterRows, type Table, withColumns } from '#core/dataset/table.ts'
import { fail, type Result } from '#core/result.ts'
import { readSegment } from '../shared/dataset/episode-segments.ts'
import { datasetStats, keepRenumbered } from '../shared/dataset/episode-stats.ts'
import { encodeParquet } from '../shared/dataset/parquet-encode.ts'
import { type DatasetContents, type EpisodeEntry, readDataset } from '../shared/dataset/read-dataset.ts'
import { listSlots } from '../shared/dataset/slot-files.ts'
import { stageRenumberedData } from '../shared/dataset/stage-renumbered-data.ts'
import { stageRenumberedSegment } from '../shared/dataset/stage-renumbered-segment.ts'
import type { DatasetTransaction } from '../shared/dataset/transaction.ts'
import { editDataset, need, type ReadContents, refuse } from './dataset-edit.ts'
import { deleteBlocker } from './delete-blocker.ts'
import {
  entryFile,
  entryPath,
  nextTrashId,
  rowFile,
  serialiseEntry,
  sha256,
  type TrashEntry,
} from './trash-entry.ts'

/** Files of one episode, as paths in the dataset. */
export function episodeFiles(info: DatasetInfo, episode: EpisodeEntry): string[] {
  const videos = Object.entries(episode.videos).map(([key, { slot }]) =>
    fillTemplate(info.videoPath ?? '', slot, key),
  )
  return [fillTemplate(info.dataPath, episode.data), ...videos]
}

/** Codes: `dataset/not-found` (no such episode), `control/not-allowed` (files are shared), and those of `editDataset`. */
export async function deleteEpisode(
  root: string,
  episodeIndex: number,
  read: ReadContents = readDataset,
): Promise<Result<void>> {
  let remember: (() => Promise<void>) | undefined
  return await editDataset(
    root,
    read,
    async (transaction, contents) => {
      const episode = contents.episodes[episodeIndex]
      if (episode === undefined)
        refuse(fail('dataset/not-found', `there is no episode ${episodeIndex}`).error)
      const blocker = deleteBlocker(contents)
      if (blocker !== null) refuse(blocker)
      const by = { episodes: -1, frames: -episode.length }
      const { moved } = await stageDeletion(transaction, contents, episode, by)
      remember = await keepRenumbered(root, moved, by)
    },
    async () => remember?.(),
  )
}

/** New content of a file that describes the dataset; null: nothing is left of it. */
interface ChangedFile {
  readonly path: string
  readonly content: Uint8Array | string | null
}

interface SegmentPlan {
  /** The file that held the episode, and its row. */
  readonly home: string
  readonly row: Table
  /** Files that remain, in order. */
  readonly remaining: readonly string[]
  /** Files that are written anew. */
  readonly tables: ReadonlyMap<string, Table>
  /** Files of which only the numbers change. */
  readonly moved: ReadonlySet<string>
}

async function stageDeletion(
  transaction: DatasetTransaction,
  contents: DatasetContents,
  episode: EpisodeEntry,
  by: Renumbering,
): Promise<SegmentPlan> {
  const { root, info } = contents
  const id = await nextTrashId(root)
  const plan = await planSegments(contents, episode, by)
  const stats = need(await datasetStats(root, plan.remaining, plan.tables, plan.moved, by))
  const totals = { totalEpisodes: info.totalEpisodes - 1, totalFrames: info.totalFrames - episode.length }
  const changed: ChangedFile[] = [
    ...(plan.remaining.includes(plan.home) ? [] : [{ path: plan.home, content: null }]),
    ...[...plan.tables].map(([path, table]) => ({ path, content: encodeParquet(table) })),
    { path: statsPath, content: serialiseStats(stats, info.features) },
    { path: infoPath, content: serialiseInfo({ ...info, ...totals }) },
  ]
  const entry: TrashEntry = {
    id,
    version: 1,
    episodeIndex: episode.episodeIndex,
    length: episode.length,
    files: episodeFiles(info, episode),
    segment: plan.home,
    replaced: changed.map(({ path, content }) => ({
      path,
      newSha256: content === null ? null : sha256(content),
    })),
  }
  for (const { path } of changed) {
    const old = await readFile(join(root, path)).catch(() => null)
    if (old !== null) await transaction.put(entryPath(id, path), old)
  }
  await transaction.put(entryPath(id, rowFile), encodeParquet(plan.row))
  await transaction.put(entryPath(id, entryFile), serialiseEntry(entry))
  for (const path of entry.files) transaction.move(path, entryPath(id, path))
  const later = contents.episodes.slice(episode.episodeIndex + 1)
  need(await stageRenumberedData(transaction, root, info.dataPath, later, by))
  for (const path of plan.moved) need(await stageRenumberedSegment(transaction, root, path, by))
  for (const { path, content } of changed) {
    if (content === null) transaction.remove(path)
    else await transaction.put(path, content)
  }
  return plan
}

async function planSegments(
  { root }: DatasetContents,
  episode: EpisodeEntry,
  by: Renumbering,
): Promise<SegmentPlan> {
  const files = need(await listSlots(root, episodesFolder)).map(({ path }) => path)
  const home = episodesPath(episode.meta)
  const { table } = need(await readSegment(root, home))
  const at = Array.from(columnValues(table, 'episode_index') ?? [], Number).indexOf(episode.episodeIndex)
  if (at < 0) refuse(fail('dataset/damaged', `${home} has no row for episode ${episode.episodeIndex}`).error)
  const row = filterRows(table, (i) => i === at)
  const rest = renumberEpisodes(
    filterRows(table, (i) => i !== at),
    at,
    by,
  )
  const tables = new Map<string, Table>()
  const moved = new Set(files.filter((path) => path > home))
  if (rest.rowCount > 0) tables.set(home, rest)
  else if (files[0] === home) {
    const [next] = moved
    const heir = next === undefined ? null : need(await readSegment(root, next)).table
    const completed = heir === null ? null : withMissingColumns(heir, rest)
    if (next !== undefined && completed !== null && completed !== heir) {
      tables.set(next, renumberEpisodes(completed, 0, by))
      moved.delete(next)
    }
  }
  return { home, row, remaining: files.filter((path) => path !== home || rest.rowCount > 0), tables, moved }
}

/** LeRobot takes the columns from the first file: when that goes, the next one must have all that it had. */
function withMissingColumns(table: Table, former: Table): Table {
  const known = new Set(table.columns.map((column) => column.name))
  const missing = former.columns.filter(({ name }) => !known.has(name))
  if (missing.length === 0) return table
  const nulls = Array.from({ length: table.rowCount }, () => null)
  return withColumns(
    table,
    missing.map((column) => ({ ...column, values: nulls })),
  )
}
