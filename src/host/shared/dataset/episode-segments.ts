/**
 * Files of meta/episodes. A file of ours takes up to 64 episodes and is replaced whole for each new one: opening a large
 * dataset stays fast, and saving never rewrites more than one small file.
 */
import { join } from 'node:path'
import { episodesFolder, episodesPath, type FileSlot, firstSlot, nextSlot } from '#core/dataset/layout.ts'
import { appendRows, sameColumns, type Table, withColumns } from '#core/dataset/table.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { ParquetFile } from './parquet-file.ts'
import { listSlots } from './slot-files.ts'

export const episodesPerSegment = 64
/** What Parquet files of ours name as their writer. */
export const ownWriter = 'foresight'

export interface SegmentFile {
  readonly path: string
  readonly table: Table
}

/** A whole file of meta/episodes. Fails when it has columns that could not be written back. */
export async function readSegment(
  root: string,
  path: string,
): Promise<Result<SegmentFile & { readonly isOwn: boolean }>> {
  const opened = await ParquetFile.open(join(root, path))
  if (!opened.ok) return opened
  await using file = opened.value
  const table = await file.read(file.columnNames)
  return table.ok ? ok({ path, table: table.value, isOwn: file.createdBy === ownWriter }) : table
}

/**
 * The files to write for one more episode. `makeRow` is told which file the row goes to. LeRobot takes the columns from
 * the first file: when that lacks some of ours (LeRobot's own edits drop them), it is completed with nulls.
 */
export async function planSegment(
  root: string,
  chunksSize: number,
  makeRow: (meta: FileSlot) => Table,
): Promise<Result<SegmentFile[]>> {
  const listed = await listSlots(root, episodesFolder)
  if (!listed.ok) return listed
  const last = listed.value.at(-1)
  if (last === undefined) return ok([{ path: episodesPath(firstSlot), table: makeRow(firstSlot) }])
  const segment = await readSegment(root, last.path)
  if (!segment.ok) return segment
  const { table, isOwn } = segment.value
  const grown = makeRow(last.slot)
  if (isOwn && table.rowCount < episodesPerSegment && sameColumns(table, grown))
    return ok([{ path: last.path, table: appendRows(table, grown) }])
  const slot = nextSlot(last.slot, chunksSize)
  const row = makeRow(slot)
  const first = await completeFirst(root, listed.value[0]?.path ?? last.path, row)
  return first.ok ? ok([...first.value, { path: episodesPath(slot), table: row }]) : first
}

async function completeFirst(root: string, path: string, row: Table): Promise<Result<SegmentFile[]>> {
  const first = await readSegment(root, path)
  if (!first.ok) return first
  const { table } = first.value
  const known = new Map(table.columns.map((column) => [column.name, column]))
  const clash = row.columns.find((c) => known.has(c.name) && known.get(c.name)?.listDepth !== c.listDepth)
  if (clash !== undefined)
    return fail('dataset/damaged', `${path} holds ${clash.name} in another form`, { path })
  const missing = row.columns.filter((column) => !known.has(column.name))
  if (missing.length === 0) return ok([])
  const nulls = Array.from({ length: table.rowCount }, () => null)
  return ok([
    {
      path,
      table: withColumns(
        table,
        missing.map((column) => ({ ...column, values: nulls })),
      ),
    },
  ])
}
