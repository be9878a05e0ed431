/**
 * Takes one episode out of a dataset, into its trash. No picture is decoded or copied: its own files move, the rows of
 * later episodes get their new numbers, the files that describe the dataset are written anew.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DatasetInfo, serialiseInfo } from '#core/dataset/info.ts'
import { episodesFolder, episodesPath, fillTemplate, infoPath, statsPath } from '#core/dataset/layout.ts'
import { renumberEpisodes } from '#core/dataset/renumber.ts'
import { serialiseStats } from '#core/dataset/stats-json.ts'
import { columnValues, filterRows, type Table, withColumns } from '#core/dataset/table.ts'
import { fail, type Result } from '#core/result.ts'
import { readSegment } from '../shared/dataset/episode-segments.ts'
import { datasetStats } from '../shared/dataset/episode-stats.ts'
import { encodeParquet } from '../shared/dataset/parquet-encode.ts'
import type { DatasetContents, EpisodeEntry } from '../shared/dataset/read-dataset.ts'
import { listSlots } from '../shared/dataset/slot-files.ts'
import { stageRenumberedData } from '../shared/dataset/stage-renumbered-data.ts'
import type { DatasetTransaction } from '../shared/dataset/transaction.ts'
import { editDataset, need, refuse } from './dataset-edit.ts'
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
export async function deleteEpisode(root: string, episodeIndex: number): Promise<Result<void>> {
  return await editDataset(root, async (transaction, contents) => {
    const episode = contents.episodes[episodeIndex]
    if (episode === undefined) refuse(fail('dataset/not-found', `there is no episode ${episodeIndex}`).error)
    const blocker = deleteBlocker(contents)
    if (blocker !== null) refuse(blocker)
    await stageDeletion(transaction, contents, episode)
  })
}

/** A file of meta/episodes with and without the episode. Null content: nothing is left of it. */
interface ChangedFile {
  readonly path: string
  readonly content: Uint8Array | string | null
}

async function stageDeletion(
  transaction: DatasetTransaction,
  contents: DatasetContents,
  episode: EpisodeEntry,
): Promise<void> {
  const { root, info } = contents
  const id = await nextTrashId(root)
  const by = { episodes: -1, frames: -episode.length }
  const segments = await changeSegments(contents, episode)
  const stats = need(await datasetStats(root, segments.remaining, segments.tables))
  const changed: ChangedFile[] = [
    ...segments.changed,
    { path: statsPath, content: serialiseStats(stats, info.features) },
    {
      path: infoPath,
      content: serialiseInfo({
        ...info,
        totalEpisodes: info.totalEpisodes - 1,
        totalFrames: info.totalFrames - episode.length,
      }),
    },
  ]
  const entry: TrashEntry = {
    id,
    version: 1,
    episodeIndex: episode.episodeIndex,
    length: episode.length,
    files: episodeFiles(info, episode),
    segment: segments.path,
    replaced: changed.map(({ path, content }) => ({
      path,
      newSha256: content === null ? null : sha256(content),
    })),
  }
  for (const { path } of changed) {
    const old = await readFile(join(root, path)).catch(() => null)
    if (old !== null) await transaction.put(entryPath(id, path), old)
  }
  await transaction.put(entryPath(id, rowFile), encodeParquet(segments.row))
  await transaction.put(entryPath(id, entryFile), serialiseEntry(entry))
  for (const path of entry.files) transaction.move(path, entryPath(id, path))
  const later = contents.episodes.slice(episode.episodeIndex + 1)
  need(await stageRenumberedData(transaction, root, info.dataPath, later, by))
  for (const { path, content } of changed) {
    if (content === null) transaction.remove(path)
    else await transaction.put(path, content)
  }
}

async function changeSegments(
  { root }: DatasetContents,
  episode: EpisodeEntry,
): Promise<{
  readonly path: string
  readonly row: Table
  /** Files that remain, in order, and the new content of those that change. */
  readonly remaining: string[]
  readonly tables: Map<string, Table>
  readonly changed: ChangedFile[]
}> {
  const by = { episodes: -1, frames: -episode.length }
  const remaining: string[] = []
  const tables = new Map<string, Table>()
  const changed: ChangedFile[] = []
  let found: { path: string; row: Table } | null = null
  const home = episodesPath(episode.meta)
  let orphaned: Table | null = null
  for (const { path } of need(await listSlots(root, episodesFolder))) {
    if (path < home) {
      remaining.push(path)
      continue
    }
    const { table } = need(await readSegment(root, path))
    const at =
      path === home
        ? Array.from(columnValues(table, 'episode_index') ?? [], Number).indexOf(episode.episodeIndex)
        : -1
    if (path === home && at < 0) break
    if (at >= 0) found = { path, row: filterRows(table, (row) => row === at) }
    const rest = at < 0 ? table : filterRows(table, (row) => row !== at)
    const renumbered = renumberEpisodes(rest, Math.max(at, 0), by)
    const kept: Table = orphaned === null ? renumbered : withMissingColumns(renumbered, orphaned)
    orphaned = remaining.length === 0 && kept.rowCount === 0 ? kept : null
    if (kept.rowCount === 0) {
      changed.push({ path, content: null })
      continue
    }
    remaining.push(path)
    tables.set(path, kept)
    changed.push({ path, content: encodeParquet(kept) })
  }
  if (found === null)
    refuse(fail('dataset/damaged', `meta/episodes has no row for episode ${episode.episodeIndex}`).error)
  return { ...found, remaining, tables, changed }
}

/** LeRobot takes the columns from the first file: when that goes, the next one must have all that it had. */
function withMissingColumns(table: Table, former: Table): Table {
  const known = new Set(table.columns.map((column) => column.name))
  const nulls = Array.from({ length: table.rowCount }, () => null)
  return withColumns(
    table,
    former.columns.filter(({ name }) => !known.has(name)).map((column) => ({ ...column, values: nulls })),
  )
}
