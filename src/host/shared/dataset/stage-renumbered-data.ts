/** Renumbers the data files of later episodes inside a transaction: overwritten in place where they are ours, rewritten where not. */
import { join } from 'node:path'
import { withColumns } from '#core/dataset/table.ts'
import type { Renumbering } from '#core/dataset/renumber.ts'
import { fillTemplate } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { findRuns, warmPlaces } from './known-places.ts'
import { encodeParquet } from './parquet-encode.ts'
import { ParquetFile } from './parquet-file.ts'
import type { NumberRun } from './parquet-patch.ts'
import type { EpisodeEntry } from './read-dataset.ts'
import type { DatasetTransaction } from './transaction.ts'

/** So many small files are read at once without a turn of the event loop, which costs more than reading them. */
const batchFiles = 16

const runsOf = ({
  episodeIndex,
  fromIndex,
}: Pick<EpisodeEntry, 'episodeIndex' | 'fromIndex'>): readonly NumberRun[] => [
  { column: 'episode_index', first: episodeIndex, step: 0 },
  { column: 'index', first: fromIndex, step: 1 },
]

/** Looks at the data files that an edit would renumber, while nobody waits. */
export async function warmData(
  root: string,
  dataPath: string,
  episodes: readonly EpisodeEntry[],
): Promise<void> {
  await warmPlaces(
    episodes.map((episode) => ({
      path: join(root, fillTemplate(dataPath, episode.data)),
      runs: runsOf(episode),
    })),
  )
}

/** Stages the new numbers of `episodes`, each of which has a data file of its own. */
export async function stageRenumberedData(
  transaction: DatasetTransaction,
  root: string,
  dataPath: string,
  episodes: readonly EpisodeEntry[],
  by: Renumbering,
): Promise<Result<void>> {
  for (let from = 0; from < episodes.length; from += batchFiles) {
    const batch = episodes.slice(from, from + batchFiles)
    const results = await Promise.all(
      batch.map(async (episode) =>
        stageFile(transaction, root, fillTemplate(dataPath, episode.data), episode, by),
      ),
    )
    for (const result of results) if (!result.ok) return result
  }
  return ok(undefined)
}

async function stageFile(
  transaction: DatasetTransaction,
  root: string,
  path: string,
  { episodeIndex, fromIndex }: EpisodeEntry,
  by: Renumbering,
): Promise<Result<void>> {
  const places = findRuns(join(root, path), runsOf({ episodeIndex, fromIndex }))
  const [numbers, indices] = places ?? []
  if (numbers === undefined || indices === undefined) {
    const rewritten = await rewrite(
      join(root, path),
      BigInt(fromIndex + by.frames),
      BigInt(episodeIndex + by.episodes),
    )
    if (!rewritten.ok) return rewritten
    await transaction.put(path, rewritten.value)
  } else {
    transaction.renumber(path, [
      { ...numbers, first: episodeIndex + by.episodes, step: 0 },
      { ...indices, first: fromIndex + by.frames, step: 1 },
    ])
  }
  return ok(undefined)
}

async function rewrite(path: string, firstIndex: bigint, episodeIndex: bigint): Promise<Result<Uint8Array>> {
  const opened = await ParquetFile.open(path)
  if (!opened.ok) return opened
  await using file = opened.value
  const table = await file.read(file.columnNames)
  if (!table.ok) return fail('control/not-allowed', `${path} has columns that cannot be written back`)
  const rows = table.value.rowCount
  const column = (name: string, value: (row: number) => bigint) =>
    ({
      name,
      type: 'int64',
      listDepth: 0,

      values: Array.from({ length: rows }, (_, row) => value(row)),
    }) as const
  return ok(
    encodeParquet(
      withColumns(table.value, [
        column('episode_index', () => episodeIndex),
        column('index', (row) => firstIndex + BigInt(row)),
      ]),
    ),
  )
}
