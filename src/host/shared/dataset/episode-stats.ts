/** Reads the per-episode statistics in meta/episodes, to compute the dataset's again after an edit. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { aggregateStats, type DatasetStats } from '#core/dataset/aggregate-stats.ts'
import { episodesFolder } from '#core/dataset/layout.ts'
import { parseFeatureStats } from '#core/dataset/stats-json.ts'
import { renumberStats, type Renumbering } from '#core/dataset/renumber.ts'
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

interface KnownSegment {
  readonly mark: string
  readonly stats: DatasetStats
}

/** Statistics of whole files of meta/episodes, by absolute path: full ones hardly ever change, and reading them costs. */
const known = new Map<string, KnownSegment>()
const maxKnown = 512

async function markOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path)
  return `${ino} ${size} ${mtimeMs}`
}

async function segmentStats(path: string): Promise<Result<DatasetStats>> {
  const mark = await markOf(path)
  const found = known.get(path)
  if (found?.mark === mark) return ok(found.stats)
  const table = await readParquet(path)
  if (!table.ok) return table
  const stats = aggregateStats(statsOfRows(table.value))
  known.set(path, { mark, stats })
  for (const oldest of known.keys()) if (known.size > maxKnown) known.delete(oldest)
  return ok(stats)
}

/** Reads what a later edit will ask for, while nobody waits. Faults are the edit's to report. */
export async function warmStats(root: string): Promise<void> {
  const files = await listSlots(root, episodesFolder)
  if (!files.ok) return
  for (const { path } of files.value) {
    const found = await segmentStats(join(root, path)).catch(() => null)
    if (found?.ok !== true) return
  }
}

/**
 * What is known of files that an edit is about to renumber, for afterwards: they need not be read again. Call the result when
 * the edit is committed, under the same lock.
 */
export async function keepRenumbered(
  root: string,
  files: Iterable<string>,
  by: Renumbering,
): Promise<() => Promise<void>> {
  const kept = new Map<string, DatasetStats>()
  for (const file of files) {
    const path = join(root, file)
    const before = known.get(path)
    if (before !== undefined && before.mark === (await markOf(path)))
      kept.set(path, renumberStats(before.stats, by))
  }
  return async () => {
    for (const [path, stats] of kept) known.set(path, { mark: await markOf(path), stats })
  }
}

/**
 * Statistics of the whole dataset as it will be: `files` are those of meta/episodes in order, `changed` the new content of
 * some, `moved` those whose episodes are renumbered. They depend on nothing but the episodes, so taking one out and putting it back changes nothing. Rejects with the
 * system's error.
 */
export async function datasetStats(
  root: string,
  files: readonly string[],
  changed: ReadonlyMap<string, Table>,
  moved: ReadonlySet<string> = new Set(),
  by: Renumbering = { episodes: 0, frames: 0 },
): Promise<Result<DatasetStats>> {
  const parts: DatasetStats[] = []
  for (const path of files) {
    const table = changed.get(path)
    if (table !== undefined) parts.push(aggregateStats(statsOfRows(table)))
    else {
      const stats = await segmentStats(join(root, path))
      if (!stats.ok) return stats
      parts.push(moved.has(path) ? renumberStats(stats.value, by) : stats.value)
    }
  }
  return ok(aggregateStats(parts))
}
