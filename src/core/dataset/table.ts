/**
 * A table in memory, as much of Parquet and Arrow as LeRobot's files use. Invariant: every column has `rowCount` values.
 */
export const columnTypes = ['bool', 'int32', 'int64', 'float32', 'float64', 'string', 'binary'] as const
export type ColumnType = (typeof columnTypes)[number]

export interface TableColumn {
  readonly name: string
  readonly type: ColumnType
  /** 0 a scalar, 1 a list, 3 a list of lists of lists. */
  readonly listDepth: number
  /** One value per row: number, bigint (int64), boolean, string, nested arrays of those, or null. */
  readonly values: ArrayLike<unknown>
}

export interface Table {
  readonly columns: readonly TableColumn[]
  readonly rowCount: number
  /** Key-value metadata of the file. */
  readonly keyValues: Readonly<Record<string, string>>
}

export function makeTable(
  columns: readonly TableColumn[],
  keyValues: Readonly<Record<string, string>> = {},
): Table {
  const rowCount = columns[0]?.values.length ?? 0
  for (const column of columns) {
    if (column.values.length !== rowCount)
      throw new RangeError(`column ${column.name} has ${column.values.length} values, not ${rowCount}`)
  }
  return { columns, rowCount, keyValues }
}

/** True when two tables can be one: the same columns of the same types, in any order. */
export function sameColumns(a: Table, b: Table): boolean {
  const describe = (t: Table): string =>
    t.columns
      .map((c) => `${c.name}:${c.type}:${c.listDepth}`)
      .sort()
      .join('\n')
  return describe(a) === describe(b)
}

/** The rows of both, in the column order of the first. */
export function appendRows(first: Table, second: Table): Table {
  const byName = new Map(second.columns.map((c) => [c.name, c]))
  return makeTable(
    first.columns.map((column) => ({
      ...column,
      values: [...Array.from(column.values), ...Array.from(byName.get(column.name)?.values ?? [])],
    })),
    first.keyValues,
  )
}

/** The rows for which `keep` holds. */
export function filterRows(table: Table, keep: (row: number) => boolean): Table {
  return makeTable(
    table.columns.map((column) => ({
      ...column,
      values: Array.from(column.values).filter((_, row) => keep(row)),
    })),
    table.keyValues,
  )
}

/** The table with columns replaced or added by name; the order of known ones stays. */
export function withColumns(table: Table, columns: readonly TableColumn[]): Table {
  const replaced = new Map(columns.map((c) => [c.name, c]))
  const kept = table.columns.map((column) => replaced.get(column.name) ?? column)
  const names = new Set(table.columns.map((c) => c.name))
  return makeTable([...kept, ...columns.filter((c) => !names.has(c.name))], table.keyValues)
}

/** The values of a column, or undefined when the table has no such column. */
export function columnValues(table: Table, name: string): ArrayLike<unknown> | undefined {
  return table.columns.find((c) => c.name === name)?.values
}
