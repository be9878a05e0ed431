/** The rows of one episode as columns, and what is derived from them: the table of its data file and its statistics. */
import type { DatasetStats } from './aggregate-stats.ts'
import { type Features, featureSize } from './feature.ts'
import { numericStats } from './stats.ts'
import { type ColumnType, makeTable, type Table, type TableColumn } from './table.ts'

/** Rows one after the other; `featureSize` values per row. Booleans are 0 or 1. */
export type EpisodeColumn = Float32Array | BigInt64Array | Uint8Array

/** Feature key → values, for every feature that is no picture. */
export type EpisodeColumns = Readonly<Record<string, EpisodeColumn>>

export interface EpisodeNumbers {
  readonly episodeIndex: number
  readonly fromIndex: number
  readonly taskIndex: number
  readonly length: number
  readonly fps: number
}

/** LeRobot's five columns. `timestamp` is `frame_index / fps` by definition; true times are in side columns. */
export function defaultColumns(numbers: EpisodeNumbers): EpisodeColumns {
  const { length } = numbers
  const constant = (value: number): BigInt64Array => new BigInt64Array(length).fill(BigInt(value))
  const counting = (from: number): BigInt64Array => BigInt64Array.from({ length }, (_, i) => BigInt(from + i))
  return {
    timestamp: Float32Array.from({ length }, (_, i) => i / numbers.fps),
    frame_index: counting(0),
    episode_index: constant(numbers.episodeIndex),
    index: counting(numbers.fromIndex),
    task_index: constant(numbers.taskIndex),
  }
}

const typeByDtype: Readonly<Record<string, ColumnType>> = { float32: 'float32', int64: 'int64', bool: 'bool' }

function rowValues(column: EpisodeColumn, size: number): ArrayLike<unknown> {
  if (size === 1) return column instanceof Uint8Array ? Array.from(column, (v) => v !== 0) : column
  return Array.from({ length: column.length / size }, (_, row) =>
    Array.from({ length: size }, (_value, i) => column[row * size + i]),
  )
}

/** The table of a data file: the features that are no pictures, in their order. */
export function dataTable(features: Features, columns: EpisodeColumns): Table {
  const tableColumns: TableColumn[] = []
  for (const [key, feature] of Object.entries(features)) {
    if (feature.dtype === 'video') continue
    const column = columns[key]
    const type = typeByDtype[feature.dtype]
    if (column === undefined || type === undefined)
      throw new Error(`no values for feature ${key} (${feature.dtype})`)
    const size = featureSize(feature)
    tableColumns.push({
      name: key,
      type,
      listDepth: size === 1 ? 0 : 1,
      values: rowValues(column, size),
    })
  }
  return makeTable(tableColumns)
}

/** Statistics of every feature that is no picture. */
export function dataStats(features: Features, columns: EpisodeColumns): DatasetStats {
  const stats: Record<string, DatasetStats[string]> = {}
  for (const [key, column] of Object.entries(columns)) {
    const feature = features[key]
    if (feature === undefined) continue
    const values = column instanceof BigInt64Array ? Float64Array.from(column, Number) : column
    stats[key] = numericStats(values, featureSize(feature))
  }
  return stats
}
