/** Relabels one episode: rewrites the one small file of meta/episodes that holds its row. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { outcomeColumn, type Outcome, takeIdColumn } from '#core/dataset/evidence.ts'
import { columnValues, withColumns } from '#core/dataset/table.ts'
import { episodesFolder, infoPath } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { lockDataset } from './dataset-lock.ts'
import { readSegment } from './episode-segments.ts'
import { errnoOf, ioFault } from './io-fault.ts'
import { encodeParquet } from './parquet-encode.ts'
import { listSlots } from './slot-files.ts'
import { DatasetTransaction, recoverTransaction } from './transaction.ts'

/** By position in the dataset, or by the take it came from. */
export type EpisodeChoice = { readonly episodeIndex: number } | { readonly takeId: string }

/**
 * Codes: `dataset/not-found` (no such episode), `control/not-allowed` (a dataset without the outcome column, recorded by
 * another program), and those of `lockDataset`.
 */
export async function setEpisodeOutcome(
  root: string,
  choice: EpisodeChoice,
  outcome: Outcome,
): Promise<Result<void>> {
  const locked = await lockDataset(root)
  if (!locked.ok) return locked
  await using _lock = locked.value
  try {
    await recoverTransaction(root)
    const files = await listSlots(root, episodesFolder)
    if (!files.ok) return files
    for (const { path } of files.value.toReversed()) {
      const segment = await readSegment(root, path)
      if (!segment.ok) return segment
      const { table } = segment.value
      const column = 'takeId' in choice ? takeIdColumn : 'episode_index'
      const wanted = 'takeId' in choice ? choice.takeId : BigInt(choice.episodeIndex)
      const row = Array.from(columnValues(table, column) ?? []).indexOf(wanted)
      if (row < 0) continue
      const outcomes = columnValues(table, outcomeColumn)
      if (outcomes === undefined)
        return fail('control/not-allowed', 'this dataset has no outcomes: it was not recorded here')
      const values = Array.from(outcomes, (value, i) => (i === row ? outcome : value))
      const transaction = new DatasetTransaction(root)
      const changed = withColumns(table, [{ name: outcomeColumn, type: 'string', listDepth: 0, values }])
      await transaction.put(path, encodeParquet(changed))
      // Others watch info.json for news.
      await transaction.put(infoPath, await readFile(join(root, infoPath)))
      await transaction.commit()
      return ok(undefined)
    }
    return fail('dataset/not-found', `${root} has no such episode`, { ...choice })
  } catch (error) {
    if (errnoOf(error) !== undefined) return { ok: false, error: ioFault(error, root, 'dataset') }
    throw error
  }
}
