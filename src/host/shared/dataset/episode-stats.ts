/** Reads the per-episode statistics in meta/episodes, to compute the dataset's again after an edit. */
import { join } from 'node:path'
import { aggregateStats, type DatasetStats } from '#core/dataset/aggregate-stats.ts'
import { episodesFolder } from '#core/dataset/layout.ts'
import { parseFeatureStats } from '#core/dataset/stats-json.ts'
import type { Table } from '#core/dataset/table.ts'
import { ok, type Result } from '#core/result.ts'
import { readParquet } from './parquet-file.ts'
import { listSlots } from './slot-files.ts'

const statColumn = /^stats\/(.+)\/[^/]+$/

/** One entry per row; features that the row has no statistics for are left out. */
export function statsOfRows(table: Table): DatasetStats[] {
  const columns = new Map(table.columns.map((column) => [column.name, column.values]))
  const keys = new Set(table.columns.flatMap((column) => statColumn.exec(column.name)?.[1] ?? []))
  return Array.from({ length: table.rowCount }, (_, row) => {
    const stats: Record<string, DatasetStats[string]> = {}
    for (const key of keys) {
      const parsed = parseFeatureStats((name) => columns.get(`stats/${key}/${name}`)?.[row] ?? undefined)
      if (parsed !== null) stats[key] = parsed
    }
    return stats
  })
}

/** Statistics of the whole dataset from all its episodes. */
export async function readAggregatedStats(root: string): Promise<Result<DatasetStats>> {
  const files = await listSlots(root, episodesFolder)
  if (!files.ok) return files
  const rows: DatasetStats[] = []
  for (const { path } of files.value) {
    const table = await readParquet(join(root, path))
    if (!table.ok) return table
    rows.push(...statsOfRows(table.value))
  }
  return ok(aggregateStats(rows))
}
