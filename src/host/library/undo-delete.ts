/**
 * Puts the episode that was deleted last back where it was. When nothing changed since, every byte of the dataset is as
 * before; when episodes were recorded meanwhile, they move up. Its old files' places are kept free for it (`freeSlot`); if
 * another program took them, the episode comes back at the end.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { aggregateStats } from '#core/dataset/aggregate-stats.ts'
import { videoKeys } from '#core/dataset/feature.ts'
import { serialiseInfo } from '#core/dataset/info.ts'
import { episodesFolder, infoPath, statsPath } from '#core/dataset/layout.ts'
import { insertRows, renumberEpisodes } from '#core/dataset/renumber.ts'
import { serialiseStats } from '#core/dataset/stats-json.ts'
import type { Table } from '#core/dataset/table.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { readSegment } from '../shared/dataset/episode-segments.ts'
import { statsOfRows } from '../shared/dataset/episode-stats.ts'
import { encodeParquet } from '../shared/dataset/parquet-encode.ts'
import { readParquet } from '../shared/dataset/parquet-file.ts'
import type { DatasetContents } from '../shared/dataset/read-dataset.ts'
import { listSlots } from '../shared/dataset/slot-files.ts'
import { stageRenumberedData } from '../shared/dataset/stage-renumbered-data.ts'
import type { DatasetTransaction } from '../shared/dataset/transaction.ts'
import { editDataset, need, refuse } from './dataset-edit.ts'
import {
  entryFile,
  entryPath,
  isUnchangedSince,
  listTrash,
  readTrashEntry,
  rowFile,
  type TrashEntry,
} from './trash-entry.ts'

/** The index at which the episode is again, or null when the trash is empty. Codes: `control/not-allowed`, those of `editDataset`. */
export async function undoDelete(root: string): Promise<Result<number | null>> {
  const [id] = (await listTrash(root)).toReversed()
  if (id === undefined) return ok(null)
  return await editDataset(root, async (transaction, contents) => {
    const entry = need(await readTrashEntry(root, id))
    await requireFreePlaces(root, entry)
    const by = { episodes: 1, frames: entry.length }
    for (const path of entry.files) transaction.move(entryPath(id, path), path)
    const later = contents.episodes.slice(entry.episodeIndex)
    need(await stageRenumberedData(transaction, root, contents.info.dataPath, later, by))
    if (await isUnchangedSince(root, entry)) await stageOldVersions(transaction, root, entry)
    else await stageInsertion(transaction, contents, entry)
    for (const path of [rowFile, entryFile]) transaction.remove(entryPath(id, path))
    return entry.episodeIndex
  })
}

async function requireFreePlaces(root: string, entry: TrashEntry): Promise<void> {
  for (const path of entry.files) {
    if ((await stat(join(root, path)).catch(() => null)) !== null)
      refuse(
        fail(
          'control/not-allowed',
          `another program has taken the place of ${path}; the episode stays in ${join(root, entryPath(entry.id, ''))}`,
          { path },
        ).error,
      )
  }
}

async function stageOldVersions(
  transaction: DatasetTransaction,
  root: string,
  entry: TrashEntry,
): Promise<void> {
  for (const { path } of entry.replaced) {
    const old = entryPath(entry.id, path)
    const bytes = await readFile(join(root, old)).catch(() => null)
    if (bytes === null) continue
    await transaction.put(path, bytes)
    transaction.remove(old)
  }
}

/** Inserts the row into the files of meta/episodes as they are now. */
async function stageInsertion(
  transaction: DatasetTransaction,
  { root, info }: DatasetContents,
  entry: TrashEntry,
): Promise<void> {
  const row = need(await readParquet(join(root, entryPath(entry.id, rowFile))))
  const by = { episodes: 1, frames: entry.length }
  const files = need(await listSlots(root, episodesFolder))
  const tables: Table[] = []
  let first = 0
  let isPlaced = !files.some(({ path }) => path === entry.segment)
  if (isPlaced) await transaction.put(entry.segment, encodeParquet(row))
  if (isPlaced) tables.push(row)
  for (const { path } of files) {
    const { table } = need(await readSegment(root, path))
    const at = entry.episodeIndex - first
    first += table.rowCount
    const isHome = path === entry.segment
    if (at > table.rowCount || (at === table.rowCount && !isHome)) {
      tables.push(table)
      continue
    }
    const moved = renumberEpisodes(table, Math.max(at, 0), by)
    const changed = isHome && !isPlaced ? insertRows(moved, Math.max(at, 0), row) : moved
    isPlaced ||= isHome
    tables.push(changed)
    await transaction.put(path, encodeParquet(changed))
  }
  const stats = aggregateStats(tables.flatMap(statsOfRows))
  await transaction.put(statsPath, serialiseStats(stats, info.features))
  const totalEpisodes = info.totalEpisodes + 1
  await transaction.put(
    infoPath,
    serialiseInfo({ ...info, totalEpisodes, totalFrames: info.totalFrames + entry.length }),
  )
  for (const { path } of entry.replaced) transaction.remove(entryPath(entry.id, path))
  if (videoKeys(info.features).length + 1 !== entry.files.length)
    refuse(fail('dataset/damaged', 'the deleted episode has other cameras than the dataset').error)
}
