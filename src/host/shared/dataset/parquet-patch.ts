/**
 * Renumbers the rows of a data file in place of rewriting it: columns written as patchable are the last bytes of their
 * chunk. Every old value is checked first, so a file that is laid out otherwise is never touched.
 */
import { parquetMetadata } from 'hyparquet'

/** Column name → the value that row `i` must have before, and gets. */
export interface Renumbering {
  readonly column: string
  readonly before: (row: number) => bigint
  readonly after: (row: number) => bigint
}

/** A copy of the file with the columns renumbered, or null when it is not laid out for that (then it has to be rewritten). */
export function renumberParquet(
  file: Uint8Array,
  renumberings: readonly Renumbering[],
): Uint8Array<ArrayBuffer> | null {
  const copy = Uint8Array.from(file)
  const metadata = parquetMetadata(copy.buffer)
  const [group] = metadata.row_groups
  if (group === undefined || metadata.row_groups.length !== 1) return null
  const rows = Number(group.num_rows)
  const view = new DataView(copy.buffer)
  for (const { column, before, after } of renumberings) {
    const chunk = group.columns.find((c) => c.meta_data?.path_in_schema.join('.') === column)?.meta_data
    if (chunk?.type !== 'INT64' || chunk.codec !== 'UNCOMPRESSED' || chunk.statistics !== undefined)
      return null
    if (chunk.dictionary_page_offset !== undefined || Number(chunk.num_values) !== rows) return null
    const end = Number(chunk.data_page_offset) + Number(chunk.total_compressed_size)
    const start = end - 8 * rows
    if (start < Number(chunk.data_page_offset)) return null
    for (let row = 0; row < rows; row += 1) {
      if (view.getBigInt64(start + 8 * row, true) !== before(row)) return null
    }
    for (let row = 0; row < rows; row += 1) view.setBigInt64(start + 8 * row, after(row), true)
  }
  return copy
}
