/** Renumbers the data files of later episodes inside a transaction: patched where they are ours, rewritten where not. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withColumns } from '#core/dataset/table.ts'
import type { Renumbering } from '#core/dataset/renumber.ts'
import { fillTemplate } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { encodeParquet } from './parquet-encode.ts'
import { ParquetFile } from './parquet-file.ts'
import { renumberParquet } from './parquet-patch.ts'
import type { EpisodeEntry } from './read-dataset.ts'
import type { DatasetTransaction } from './transaction.ts'

const parallel = 8

/** Stages new versions of the data files of `episodes`, each of which has a file of its own. */
export async function stageRenumberedData(
  transaction: DatasetTransaction,
  root: string,
  dataPath: string,
  episodes: readonly EpisodeEntry[],
  by: Renumbering,
): Promise<Result<void>> {
  for (let from = 0; from < episodes.length; from += parallel) {
    const batch = episodes.slice(from, from + parallel)
    const contents = await Promise.all(
      batch.map(async (episode) => renumberedFile(root, dataPath, episode, by)),
    )
    const staged: Promise<void>[] = []
    for (const content of contents) {
      if (!content.ok) {
        await Promise.all(staged)
        return content
      }
      staged.push(transaction.put(content.value.path, content.value.bytes))
    }
    await Promise.all(staged)
  }
  return ok(undefined)
}

async function renumberedFile(
  root: string,
  dataPath: string,
  episode: EpisodeEntry,
  by: Renumbering,
): Promise<Result<{ readonly path: string; readonly bytes: Uint8Array }>> {
  const path = fillTemplate(dataPath, episode.data)
  const number = BigInt(episode.episodeIndex)
  const first = BigInt(episode.fromIndex)
  const patched = renumberParquet(await readFile(join(root, path)), [
    { column: 'episode_index', before: () => number, after: () => number + BigInt(by.episodes) },
    {
      column: 'index',
      before: (row) => first + BigInt(row),
      after: (row) => first + BigInt(row + by.frames),
    },
  ])
  if (patched !== null) return ok({ path, bytes: patched })
  const rewritten = await rewrite(join(root, path), first + BigInt(by.frames), number + BigInt(by.episodes))
  return rewritten.ok ? ok({ path, bytes: rewritten.value }) : rewritten
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
      isPatchable: true,
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
