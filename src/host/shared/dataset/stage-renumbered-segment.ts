/** Renumbers a whole file of meta/episodes inside a transaction: overwritten in place where it is ours, rewritten where not. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRenumbered, renumberEpisodes, type Renumbering } from '#core/dataset/renumber.ts'
import { ok, type Result } from '#core/result.ts'
import { readSegment } from './episode-segments.ts'
import { encodeParquet } from './parquet-encode.ts'
import { ParquetFile } from './parquet-file.ts'
import { locateChanges } from './parquet-patch.ts'
import type { DatasetTransaction } from './transaction.ts'

/** Stages the new numbers of all episodes in the file. */
export async function stageRenumberedSegment(
  transaction: DatasetTransaction,
  root: string,
  path: string,
  by: Renumbering,
): Promise<Result<void>> {
  const opened = await ParquetFile.open(join(root, path))
  if (!opened.ok) return opened
  await using file = opened.value
  const before = await file.read(file.columnNames.filter(isRenumbered))
  if (!before.ok) return before
  const after = renumberEpisodes(before.value, 0, by)
  const changes = before.value.columns.map(({ name, values }, i) => ({
    column: name,
    before: values,
    after: after.columns[i]?.values ?? [],
  }))
  const overwrites = locateChanges(await readFile(join(root, path)), changes)
  if (overwrites !== null) {
    transaction.overwrite(path, overwrites)
    return ok(undefined)
  }
  const whole = await readSegment(root, path)
  if (!whole.ok) return whole
  await transaction.put(path, encodeParquet(renumberEpisodes(whole.value.table, 0, by)))
  return ok(undefined)
}
