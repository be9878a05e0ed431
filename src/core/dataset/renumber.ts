/**
 * What changes in the rows of later episodes when one is taken out or put back: their number, their range of the global
 * index, and the statistics of those two columns. Shifting back restores every value exactly.
 */
import type { DatasetStats } from './aggregate-stats.ts'
import { makeTable, type Table, type TableColumn } from './table.ts'

export interface Renumbering {
  readonly episodes: number
  readonly frames: number
}

const shiftedStats = ['min', 'max', 'mean', 'q01', 'q10', 'q50', 'q90', 'q99'] as const

/** How much a column of meta/episodes moves; null when it does not. */
function shiftOf(name: string, by: Renumbering): number | null {
  if (name === 'episode_index') return by.episodes
  if (name === 'dataset_from_index' || name === 'dataset_to_index') return by.frames
  const stat = /^stats\/(episode_index|index)\/(\w+)$/.exec(name)
  if (stat === null || !shiftedStats.some((name) => name === stat[2])) return null
  return stat[1] === 'episode_index' ? by.episodes : by.frames
}

/** Columns of meta/episodes and of data files whose values change when an earlier episode is taken out. */
export function isRenumbered(name: string): boolean {
  return name === 'index' || shiftOf(name, { episodes: 1, frames: 1 }) !== null
}

function shifted(value: unknown, by: number): unknown {
  if (typeof value === 'bigint') return value + BigInt(by)
  if (typeof value === 'number') return value + by
  return Array.isArray(value) ? value.map((item) => shifted(item, by)) : value
}

/** The table with the rows from `firstRow` on renumbered. */
export function renumberEpisodes(table: Table, firstRow: number, by: Renumbering): Table {
  const columns = table.columns.map((column): TableColumn => {
    const shift = shiftOf(column.name, by)
    if (shift === null || shift === 0) return column
    return {
      ...column,
      values: Array.from(column.values, (value, row) => (row < firstRow ? value : shifted(value, shift))),
    }
  })
  return makeTable(columns, table.keyValues)
}

/** The statistics of a run of episodes after they were renumbered. */
export function renumberStats(stats: DatasetStats, by: Renumbering): DatasetStats {
  const shift = (key: string, amount: number): DatasetStats => {
    const feature = stats[key]
    if (feature === undefined) return {}
    const lists = shiftedStats.map((name) => [name, feature[name].map((v) => v + amount)])
    return { [key]: { ...feature, ...Object.fromEntries(lists) } }
  }
  return { ...stats, ...shift('episode_index', by.episodes), ...shift('index', by.frames) }
}

/** The rows of `inserted` put before row `at`; columns of the table that `inserted` lacks get null. */
export function insertRows(table: Table, at: number, inserted: Table): Table {
  const byName = new Map(inserted.columns.map((column) => [column.name, column.values]))
  const columns = table.columns.map((column): TableColumn => {
    const values = Array.from(column.values)
    const extra = byName.get(column.name)
    const rows = Array.from({ length: inserted.rowCount }, (_, row) => extra?.[row] ?? null)
    return { ...column, values: [...values.slice(0, at), ...rows, ...values.slice(at)] }
  })
  return makeTable(columns, table.keyValues)
}
