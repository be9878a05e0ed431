/**
 * Finds where the numbers of renumbered columns lie in a file of ours: they are the last bytes of their chunk, eight each,
 * so that renumbering later episodes overwrites a few bytes in place of rewriting files. Every value is compared first: a
 * file that is laid out otherwise is never touched.
 */
import { parquetMetadata, type ColumnMetaData } from 'hyparquet'

/** The values of one int64 column: `first`, `first + step`, … one per row. */
export interface NumberRun {
  readonly column: string
  readonly first: number
  readonly step: 0 | 1
}

export interface RunPlace {
  readonly offset: number
  readonly rows: number
}

interface Layout {
  readonly rows: number
  readonly chunks: ReadonlyMap<string, ColumnMetaData>
}

function layoutOf(file: Uint8Array): Layout | null {
  // The footer alone is copied: Node's buffers may share their memory with others.
  const end = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const footer = file.byteLength < 12 ? 0 : end.getUint32(file.byteLength - 8, true) + 8
  if (footer === 0 || footer > file.byteLength) return null
  const { row_groups: groups } = parquetMetadata(new Uint8Array(file.subarray(-footer)).buffer)
  const [group] = groups
  if (group === undefined || groups.length !== 1) return null
  const chunks = group.columns.flatMap(({ meta_data: meta }): [string, ColumnMetaData][] =>
    meta === undefined ? [] : [[meta.path_in_schema[0] ?? '', meta]],
  )
  return { rows: Number(group.num_rows), chunks: new Map(chunks) }
}

/** Where the values of a column begin, if they are plain, one per row, at the end of the chunk. */
function placeOf({ chunks, rows }: Layout, column: string, type: 'INT64' | 'DOUBLE'): number | null {
  const chunk = chunks.get(column)
  if (chunk?.type !== type || chunk.codec !== 'UNCOMPRESSED' || chunk.statistics !== undefined) return null
  if (chunk.dictionary_page_offset !== undefined || Number(chunk.num_values) !== rows) return null
  const offset = Number(chunk.data_page_offset) + Number(chunk.total_compressed_size) - 8 * rows
  return offset < Number(chunk.data_page_offset) ? null : offset
}

const twoTo32 = 2 ** 32

/** Whether eight bytes each, little-endian, say `first`, `first + step`, … */
export function holdsRun(bytes: Uint8Array, { first, step }: Pick<NumberRun, 'first' | 'step'>): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0, value = first; at < bytes.byteLength; at += 8, value += step)
    if (view.getUint32(at, true) + view.getInt32(at + 4, true) * twoTo32 !== value) return false
  return true
}

/** Where each run lies, or null when the file is not laid out for overwriting or does not hold these values. */
export function locateRuns(file: Uint8Array, runs: readonly NumberRun[]): RunPlace[] | null {
  const layout = layoutOf(file)
  if (layout === null) return null
  const { rows } = layout
  const places: RunPlace[] = []
  for (const { column, first, step } of runs) {
    const offset = placeOf(layout, column, 'INT64')
    if (offset === null || !holdsRun(file.subarray(offset, offset + 8 * rows), { first, step })) return null
    places.push({ offset, rows })
  }
  return places
}

/** The bytes of a run. */
export function encodeRun({ first, step }: Pick<NumberRun, 'first' | 'step'>, rows: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * rows))
  for (let at = 0, value = first; at < view.byteLength; at += 8, value += step) {
    view.setUint32(at, value % twoTo32, true)
    view.setUint32(at + 4, Math.floor(value / twoTo32), true)
  }
  return new Uint8Array(view.buffer)
}

/** A column's values before and after: bigints, or lists of one real. */
export interface ColumnChange {
  readonly column: string
  readonly before: ArrayLike<unknown>
  readonly after: ArrayLike<unknown>
}

export interface Overwrite {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** What to write where, or null when the file is not laid out for overwriting or does not hold the values before. */
export function locateChanges(file: Uint8Array, changes: readonly ColumnChange[]): Overwrite[] | null {
  const layout = layoutOf(file)
  if (layout === null) return null
  const overwrites: Overwrite[] = []
  for (const { column, before, after } of changes) {
    const type = typeof before[0] === 'bigint' ? 'INT64' : 'DOUBLE'
    const offset = placeOf(layout, column, type)
    const old = offset === null ? null : encodeValues(before)
    const bytes = encodeValues(after)
    if (offset === null || old === null || bytes === null || old.length !== 8 * layout.rows) return null
    const present = file.subarray(offset, offset + old.length)
    if (present.some((byte, i) => byte !== old[i])) return null
    overwrites.push({ offset, bytes })
  }
  return overwrites
}

function encodeValues(values: ArrayLike<unknown>): Uint8Array | null {
  const view = new DataView(new ArrayBuffer(8 * values.length))
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]
    const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : null
    if (typeof value === 'bigint') view.setBigInt64(8 * row, value, true)
    else if (typeof single === 'number') view.setFloat64(8 * row, single, true)
    else return null
  }
  return new Uint8Array(view.buffer)
}
