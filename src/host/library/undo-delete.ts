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
import { insertRows, renumberEpisodes, type Renumbering } from '#core/dataset/renumber.ts'
import { serialiseStats } from '#core/dataset/stats-json.ts'
import { columnValues } from '#core/dataset/table.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { readSegment } from '../shared/dataset/episode-segments.ts'
import { datasetStats, keepRenumbered } from '../shared/dataset/episode-stats.ts'
import { encodeParquet } from '../shared/dataset/parquet-encode.ts'
import { readParquet } from '../shared/dataset/parquet-file.ts'
import { type DatasetContents, readDataset } from '../shared/dataset/read-dataset.ts'
import { listSlots } from '../shared/dataset/slot-files.ts'
import { stageRenumberedData } from '../shared/dataset/stage-renumbered-data.ts'
import { stageRenumberedSegment } from '../shared/dataset/stage-renumbered-segment.ts'
import type { DatasetTransaction } from '../shared/dataset/transaction.ts'
import { editDataset, need, type ReadContents, refuse } from './dataset-edit.ts'
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
export async function undoDelete(
  root: string,
  read: ReadContents = readDataset,
): Promise<Result<number | null>> {
  const [id] = (await listTrash(root)).toReversed()
  if (id === undefined) return ok(null)
  let remember: (() => Promise<void>) | undefined
  const edit = async (transaction: DatasetTransaction, contents: DatasetContents): Promise<number> => {
    const entry = need(await readTrashEntry(root, id))
    await requireFreePlaces(root, entry)
    const by = { episodes: 1, frames: entry.length }
    for (const path of entry.files) transaction.move(entryPath(id, path), path)
    const later = contents.episodes.slice(entry.episodeIndex)
    need(await stageRenumberedData(transaction, root, contents.info.dataPath, later, by))
    const replaced = new Set(entry.replaced.map(({ path }) => path))
    const moved = (await laterSegments(root, entry)).filter((path) => !replaced.has(path))
    remember = await keepRenumbered(root, moved, by)
    if (await isUnchangedSince(root, entry)) await stageOldVersions(transaction, root, entry, by)
    else await stageInsertion(transaction, contents, entry, by)
    for (const path of [rowFile, entryFile]) transaction.remove(entryPath(id, path))
    return entry.episodeIndex
  }
  return await editDataset(root, read, edit, async () => remember?.())
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

async function laterSegments(root: string, entry: TrashEntry): Promise<string[]> {
  const files = need(await listSlots(root, episodesFolder)).map(({ path }) => path)
  return files.filter((path) => path > entry.segment)
}

async function stageOldVersions(
  transaction: DatasetTransaction,
  root: string,
  entry: TrashEntry,
  by: Renumbering,
): Promise<void> {
  const restored = new Set<string>()
  for (const { path } of entry.replaced) {
    const old = entryPath(entry.id, path)
    const bytes = await readFile(join(root, old)).catch(() => null)
    if (bytes === null) continue
    await transaction.put(path, bytes)
    transaction.remove(old)
    restored.add(path)
  }
  for (const path of await laterSegments(root, entry)) {
    if (!restored.has(path)) need(await stageRenumberedSegment(transaction, root, path, by))
  }
}

/** Inserts the row into the files of meta/episodes as they are now. */
async function stageInsertion(
  transaction: DatasetTransaction,
  { root, info }: DatasetContents,
  entry: TrashEntry,
  by: Renumbering,
): Promise<void> {
  const row = need(await readParquet(join(root, entryPath(entry.id, rowFile))))
  const listed = need(await listSlots(root, episodesFolder)).map(({ path }) => path)
  const moved = await laterSegments(root, entry)
  let home = row
  if (listed.includes(entry.segment)) {
    const { table } = need(await readSegment(root, entry.segment))
    const [first] = Array.from(columnValues(table, 'episode_index') ?? [], Number)
    const at = entry.episodeIndex - (first ?? entry.episodeIndex)
    home = insertRows(renumberEpisodes(table, at, by), at, row)
  }
  await transaction.put(entry.segment, encodeParquet(home))
  for (const path of moved) need(await stageRenumberedSegment(transaction, root, path, by))
  const files = [...new Set([...listed, entry.segment])].sort()
  const stats = need(await datasetStats(root, files, new Map([[entry.segment, home]]), new Set(moved), by))
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
