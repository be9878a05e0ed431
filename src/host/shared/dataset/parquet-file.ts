/**
 * A Parquet file opened for reading, any codec. Small files are read whole; of large ones only the ranges asked for, so
 * that memory stays bounded by the columns and rows wanted.
 */
import { open, type FileHandle } from 'node:fs/promises'
import {
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type AsyncBuffer,
  type FileMetaData,
  type SchemaTree,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { makeTable, type ColumnType, type Table, type TableColumn } from '#core/dataset/table.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { ioFault } from './io-fault.ts'

const wholeFileBytes = 4 << 20

export interface RowRange {
  readonly from: number
  readonly to: number
}

interface ColumnShape {
  readonly type: ColumnType
  readonly listDepth: number
}

export class ParquetFile implements AsyncDisposable {
  readonly rowCount: number
  /** Rows of each row group, in order. */
  readonly rowGroups: readonly number[]
  readonly createdBy: string
  readonly #file: AsyncBuffer
  readonly #handle: FileHandle
  readonly #metadata: FileMetaData
  readonly #columns: ReadonlyMap<string, ColumnShape | null>
  readonly #path: string

  private constructor(path: string, handle: FileHandle, file: AsyncBuffer, metadata: FileMetaData) {
    this.#path = path
    this.#handle = handle
    this.#file = file
    this.#metadata = metadata
    this.rowCount = Number(metadata.num_rows)
    this.rowGroups = metadata.row_groups.map((group) => Number(group.num_rows))
    this.createdBy = metadata.created_by ?? ''
    this.#columns = new Map(
      parquetSchema(metadata).children.map((node) => [node.element.name, shapeOf(node)]),
    )
  }

  /** Opens a file. Codes: `dataset/not-found`, `dataset/damaged` (no footer: a recorder died), `dataset/io`. */
  static async open(path: string): Promise<Result<ParquetFile>> {
    let handle: FileHandle
    try {
      handle = await open(path, 'r')
    } catch (error) {
      return { ok: false, error: ioFault(error, path, 'dataset') }
    }
    try {
      const file = await asyncBuffer(handle)
      const metadata = await parquetMetadataAsync(file, { geoparquet: false })
      return ok(new ParquetFile(path, handle, file, metadata))
    } catch (error) {
      await handle.close()
      return fail('dataset/damaged', `${path} is no readable Parquet file: ${String(error)}`, { path })
    }
  }

  get columnNames(): string[] {
    return [...this.#columns.keys()]
  }

  /** Columns as a table. Columns of kinds that LeRobot's numeric files do not use (structs) are left out unless named, then it fails. */
  async read(names?: readonly string[], range?: RowRange): Promise<Result<Table>> {
    const wanted = names ?? this.columnNames.filter((name) => this.#columns.get(name) !== null)
    const from = range?.from ?? 0
    const to = range?.to ?? this.rowCount
    const columns = new Map<string, { readonly shape: ColumnShape; readonly values: unknown[] }>()
    for (const name of wanted) {
      const shape = this.#columns.get(name)
      if (shape === undefined || shape === null)
        return fail('dataset/damaged', `${this.#path} has no readable column ${name}`, {
          path: this.#path,
          column: name,
        })
      columns.set(name, { shape, values: Array.from({ length: to - from }, () => null) })
    }
    try {
      await parquetRead({
        file: this.#file,
        metadata: this.#metadata,
        columns: [...columns.keys()],
        rowStart: from,
        rowEnd: to,
        compressors,
        geoparquet: false,
        onChunk: ({ columnName, columnData, rowStart }) => {
          const values = columns.get(columnName)?.values
          if (values === undefined) return
          for (let i = 0; i < columnData.length; i += 1) {
            const row = rowStart + i - from
            if (row >= 0 && row < values.length) values[row] = columnData[i] ?? null
          }
        },
      })
    } catch (error) {
      return fail('dataset/damaged', `${this.#path} cannot be decoded: ${String(error)}`, {
        path: this.#path,
      })
    }
    const keyValues = Object.fromEntries(
      (this.#metadata.key_value_metadata ?? []).flatMap(({ key, value }) =>
        value === undefined ? [] : [[key, value]],
      ),
    )
    return ok(
      makeTable(
        [...columns].map(([name, { shape, values }]): TableColumn => ({ name, ...shape, values })),
        keyValues,
      ),
    )
  }

  /** One column of one row group, of any kind, structs as objects and bytes as bytes. Code `dataset/damaged`. */
  async readGroup(name: string, group: number): Promise<Result<readonly unknown[]>> {
    const from = this.rowGroups.slice(0, group).reduce((sum, rows) => sum + rows, 0)
    const to = from + (this.rowGroups[group] ?? 0)
    const cells: unknown[] = Array.from({ length: to - from }, () => null)
    try {
      await parquetRead({
        file: this.#file,
        metadata: this.#metadata,
        columns: [name],
        rowStart: from,
        rowEnd: to,
        compressors,
        utf8: false,
        geoparquet: false,
        onChunk: ({ columnData, rowStart }) => {
          for (let i = 0; i < columnData.length; i += 1)
            if (rowStart + i >= from && rowStart + i < to) cells[rowStart + i - from] = columnData[i]
        },
      })
    } catch (error) {
      return fail('dataset/damaged', `${this.#path} cannot be decoded: ${String(error)}`, {
        path: this.#path,
      })
    }
    return ok(cells)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close()
  }
}

async function asyncBuffer(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat()
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(end - start)
    let at = 0
    while (at < bytes.length) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at)
      if (bytesRead === 0) throw new Error('the file ends early')
      at += bytesRead
    }
    return bytes.buffer
  }
  if (size <= wholeFileBytes) return read(0, size)
  return { byteLength: size, slice: (start, end) => read(start, end ?? size) }
}

/** Null for what is no scalar and no plain list: structs, maps. */
function shapeOf(node: SchemaTree): ColumnShape | null {
  let current = node
  let listDepth = 0
  while (current.children.length > 0) {
    const isList = current.element.converted_type === 'LIST' || current.element.logical_type?.type === 'LIST'
    const [repeated] = current.children
    if (!isList || repeated === undefined || current.children.length !== 1) return null
    const [element] = repeated.children
    if (element === undefined || repeated.children.length !== 1) return null
    current = element
    listDepth += 1
  }
  const type = typeOf(current)
  return type === null ? null : { type, listDepth }
}

function typeOf({ element }: SchemaTree): ColumnType | null {
  switch (element.type) {
    case 'BOOLEAN':
      return 'bool'
    case 'INT32':
      return 'int32'
    case 'INT64':
      return 'int64'
    case 'FLOAT':
      return 'float32'
    case 'DOUBLE':
      return 'float64'
    case 'BYTE_ARRAY':
      return element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING'
        ? 'string'
        : 'binary'
    default:
      return null
  }
}

/** Reads a whole table and closes the file. */
export async function readParquet(path: string, names?: readonly string[]): Promise<Result<Table>> {
  const opened = await ParquetFile.open(path)
  if (!opened.ok) return opened
  await using file = opened.value
  return await file.read(names)
}
