/** A table as the bytes of a Parquet file that pyarrow reads with the types LeRobot expects: one row group, snappy. */
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer'
import type { SchemaElement } from 'hyparquet'
import { isRenumbered } from '#core/dataset/renumber.ts'
import type { ColumnType, Table, TableColumn } from '#core/dataset/table.ts'

const physical: Readonly<Record<ColumnType, Partial<SchemaElement>>> = {
  bool: { type: 'BOOLEAN' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  binary: { type: 'BYTE_ARRAY' },
}

function columnSchema(column: TableColumn): SchemaElement[] {
  const elements: SchemaElement[] = []
  let name = column.name
  for (let depth = 0; depth < column.listDepth; depth += 1) {
    elements.push(
      {
        name,
        repetition_type: 'OPTIONAL',
        num_children: 1,
        converted_type: 'LIST',
        logical_type: { type: 'LIST' },
      },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    )
    name = 'element'
  }
  return [...elements, { name, repetition_type: 'OPTIONAL', ...physical[column.type] }]
}

const pageBytes = 1 << 30

/**
 * Encodes all rows into one row group. Columns that get renumbered are stored plainly and without statistics: their values are then
 * the last bytes of their chunk, in order (see parquet-patch.ts).
 */
export function encodeParquet(table: Table): Uint8Array {
  const schema: SchemaElement[] = [{ name: 'schema', num_children: table.columns.length }]
  const columnData: ColumnSource[] = []
  for (const column of table.columns) {
    schema.push(...columnSchema(column))
    columnData.push({
      name: column.name,
      data: column.values as ColumnSource['data'],
      offsetIndex: false,
      ...(isRenumbered(column.name) ? { codec: 'UNCOMPRESSED', encoding: 'PLAIN', statistics: false } : {}),
    })
  }
  const buffer = parquetWriteBuffer({
    schema,
    columnData,
    rowGroupSize: Math.max(1, table.rowCount),
    pageSize: pageBytes,
    createdBy: 'foresight',
    kvMetadata: Object.entries(table.keyValues).map(([key, value]) => ({ key, value })),
  })
  return new Uint8Array(buffer)
}
