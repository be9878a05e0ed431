/**
 * Puts the episode that was deleted last back where it was. When nothing changed since, every byte of the dataset is as
 * before; when episodes were recorded meanwhile, they move up. Its old files' places are kept free for it (`freeSlot`); if
 * another program took them, the episode comes back at the end.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { videoKeys } from '#core/dataset/feature.ts'
import { serialiseInfo } from '#core/dataset/info.ts'
import { episodesFolder, infoPath, statsPath } from '#core/dataset/layout.ts'
import { insertRows, renumberEpisodes } from '#core/dataset/renumber.ts'
import { serialiseStats } from '#core/dataset/stats-json.ts'
import { columnValues, type Table } from '#core/dataset/table.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { readSegment } from '../shared/dataset/episode-segments.ts'
import { datasetStats } from '../shared/dataset/episode-stats.ts'
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
  const listed = need(await listSlots(root, episodesFolder)).map(({ path }) => path)
  const isSegmentThere = listed.includes(entry.segment)
  const files = isSegmentThere ? listed : [...listed, entry.segment].sort()
  const changed = new Map<string, Table>()
  for (const path of files.filter((file) => file >= entry.segment)) {
    if (path === entry.segment && !isSegmentThere) {
      changed.set(path, row)
      continue
    }
    const { table } = need(await readSegment(root, path))
    const [firstEpisode] = Array.from(columnValues(table, 'episode_index') ?? [], Number)
    const at = path === entry.segment ? entry.episodeIndex - (firstEpisode ?? entry.episodeIndex) : 0
    const moved = renumberEpisodes(table, at, by)
    changed.set(path, path === entry.segment ? insertRows(moved, at, row) : moved)
  }
  for (const [path, table] of changed) await transaction.put(path, encodeParquet(table))
  const stats = need(await datasetStats(root, files, changed))
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
