/** Rows of meta/episodes (spec/lerobot.md §1.5): where an episode's rows and pictures are, its statistics, its evidence. */
import type { DatasetStats } from './aggregate-stats.ts'
import { type EpisodeEvidence, evidenceColumns } from './evidence.ts'
import { type Features, videoKeys } from './feature.ts'
import type { FileSlot } from './layout.ts'
import { hasPictureStats, nestStat } from './stats-json.ts'
import { statNames } from './stats.ts'
import { makeTable, type Table, type TableColumn } from './table.ts'

export interface VideoSpan {
  readonly slot: FileSlot
  /** Seconds inside the mp4, half-open. */
  readonly fromTimestamp: number
  readonly toTimestamp: number
}

export interface EpisodeRecord {
  readonly episodeIndex: number
  readonly tasks: readonly string[]
  readonly length: number
  readonly data: FileSlot
  /** Range of the global `index`, half-open. */
  readonly fromIndex: number
  readonly toIndex: number
  readonly videos: Readonly<Record<string, VideoSpan>>
  /** The file of meta/episodes that holds this row. */
  readonly meta: FileSlot
}

const int = (name: string, value: number): TableColumn => ({
  name,
  type: 'int64',
  listDepth: 0,
  values: [BigInt(value)],
})
const real = (name: string, value: number): TableColumn => ({
  name,
  type: 'float64',
  listDepth: 0,
  values: [value],
})

/** The ten columns of each feature. A camera of which no picture was sampled has nulls. */
function statColumns(features: Features, stats: DatasetStats): TableColumn[] {
  return Object.keys(features).flatMap((key) => {
    if (features[key]?.dtype === 'string') return []
    const isPicture = hasPictureStats(features, key)
    const values = stats[key]
    return statNames.map((name): TableColumn => ({
      name: `stats/${key}/${name}`,
      type: name === 'count' ? 'int64' : 'float64',
      listDepth: isPicture && name !== 'count' ? 3 : 1,
      values: [
        values === undefined
          ? null
          : name === 'count'
            ? [BigInt(values.count)]
            : nestStat(values, name, isPicture),
      ],
    }))
  })
}

/** One row with LeRobot's columns in LeRobot's order, then the evidence. */
export function episodeTable(
  record: EpisodeRecord,
  features: Features,
  stats: DatasetStats,
  evidence: EpisodeEvidence,
): Table {
  const videos = videoKeys(features).flatMap((key): TableColumn[] => {
    const span = record.videos[key]
    if (span === undefined) throw new Error(`episode ${record.episodeIndex} has no video for ${key}`)
    return [
      int(`videos/${key}/chunk_index`, span.slot.chunkIndex),
      int(`videos/${key}/file_index`, span.slot.fileIndex),
      real(`videos/${key}/from_timestamp`, span.fromTimestamp),
      real(`videos/${key}/to_timestamp`, span.toTimestamp),
    ]
  })
  return makeTable([
    int('episode_index', record.episodeIndex),
    { name: 'tasks', type: 'string', listDepth: 1, values: [record.tasks] },
    int('length', record.length),
    int('data/chunk_index', record.data.chunkIndex),
    int('data/file_index', record.data.fileIndex),
    int('dataset_from_index', record.fromIndex),
    int('dataset_to_index', record.toIndex),
    ...videos,
    ...statColumns(features, stats),
    int('meta/episodes/chunk_index', record.meta.chunkIndex),
    int('meta/episodes/file_index', record.meta.fileIndex),
    ...evidenceColumns(evidence),
  ])
}

/** The columns that `episodeRecord` reads, for these video keys. */
export function episodeRecordColumns(keys: readonly string[]): string[] {
  const spans = keys.flatMap((key) =>
    ['chunk_index', 'file_index', 'from_timestamp', 'to_timestamp'].map((name) => `videos/${key}/${name}`),
  )
  const numbers = ['data/chunk_index', 'data/file_index', 'dataset_from_index', 'dataset_to_index']
  return ['episode_index', 'tasks', 'length', ...numbers, ...spans]
}

/**
 * An episode from a row of meta/episodes, whichever LeRobot wrote it; `meta` is the file that the row was found in. Null
 * when one of its numbers is missing.
 */
export function episodeRecord(
  row: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  meta: FileSlot,
): EpisodeRecord | null {
  let isWhole = true
  const number = (name: string): number => {
    const value = row[name]
    if (typeof value !== 'number' && typeof value !== 'bigint') isWhole = false
    return Number(value)
  }
  const span = (key: string): VideoSpan => ({
    slot: { chunkIndex: number(`videos/${key}/chunk_index`), fileIndex: number(`videos/${key}/file_index`) },
    fromTimestamp: number(`videos/${key}/from_timestamp`),
    toTimestamp: number(`videos/${key}/to_timestamp`),
  })
  const tasks = row['tasks']
  const record: EpisodeRecord = {
    episodeIndex: number('episode_index'),
    tasks: Array.isArray(tasks) ? tasks.map(String) : [],
    length: number('length'),
    data: { chunkIndex: number('data/chunk_index'), fileIndex: number('data/file_index') },
    fromIndex: number('dataset_from_index'),
    toIndex: number('dataset_to_index'),
    videos: Object.fromEntries(keys.map((key) => [key, span(key)])),
    meta,
  }
  return isWhole ? record : null
}
