/** The numeric rows of one episode, read by range: columns as flat float64 arrays, so that they cross processes without copies of objects. */
import { join } from 'node:path'
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { Feature } from '#core/dataset/feature.ts'
import { featureSize } from '#core/dataset/feature.ts'
import { fillTemplate } from '#core/dataset/layout.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { ParquetFile } from '../shared/dataset/parquet-file.ts'
import type { DatasetContents, EpisodeEntry } from '../shared/dataset/read-dataset.ts'

export type ColumnData = EpisodeDetail['columns'][number]

/** What can be drawn: numbers and flags in one dimension. */
function isNumeric({ dtype, shape }: Feature): boolean {
  return shape.length === 1 && (dtype === 'bool' || /^(u?int|float)\d+$/.test(dtype))
}

const toNumber = (value: unknown): number =>
  value === null || value === undefined ? Number.NaN : Number(value)

function flatten(values: ArrayLike<unknown>, width: number): Float64Array<ArrayBuffer> | null {
  const flat = new Float64Array(values.length * width)
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]
    const list: ArrayLike<unknown> =
      Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>) : [value]
    if (value !== null && list.length !== width) return null
    for (let i = 0; i < width; i += 1) flat[row * width + i] = value === null ? Number.NaN : toNumber(list[i])
  }
  return flat
}

/** Row of the data file at which an episode begins: files hold whole episodes in the order of the global index. */
export function firstRow({ episodes }: DatasetContents, episode: EpisodeEntry): number {
  const { chunkIndex, fileIndex } = episode.data
  const inFile = episodes.filter((e) => e.data.chunkIndex === chunkIndex && e.data.fileIndex === fileIndex)
  return episode.fromIndex - Math.min(...inFile.map((e) => e.fromIndex))
}

/** Every numeric column of an episode. Code `dataset/damaged` when rows are missing or belong to another episode. */
export async function readEpisodeRows(
  contents: DatasetContents,
  episode: EpisodeEntry,
): Promise<Result<ColumnData[]>> {
  const { root, info } = contents
  const path = fillTemplate(info.dataPath, episode.data)
  const opened = await ParquetFile.open(join(root, path))
  if (!opened.ok) return opened
  await using file = opened.value
  const from = firstRow(contents, episode)
  const to = from + episode.length
  if (to > file.rowCount)
    return fail('dataset/damaged', `${path} has ${file.rowCount} rows, ${to} are needed`, { path })
  const known = new Set(file.columnNames)
  const wanted = Object.entries(info.features).filter(
    ([key, feature]) => isNumeric(feature) && known.has(key),
  )
  const table = await file.read(
    wanted.map(([key]) => key),
    { from, to },
  )
  if (!table.ok) return table
  const columns: ColumnData[] = []
  for (const [index, column] of table.value.columns.entries()) {
    const [key, feature] = wanted[index] ?? []
    if (key === undefined || feature === undefined) continue
    const width = featureSize(feature)
    const values = flatten(column.values, width)
    if (values === null)
      return fail('dataset/damaged', `${path}: ${key} has rows that are not ${width} long`, {
        path,
        column: key,
      })
    const names = feature.names ?? (width === 1 ? [] : Array.from({ length: width }, (_, i) => String(i)))
    columns.push({ name: key, width, names: [...names], values })
  }
  const numbers = columns.find((column) => column.name === 'episode_index')?.values
  if (numbers?.some((value) => value !== episode.episodeIndex) === true)
    return fail(
      'dataset/damaged',
      `${path} holds rows of another episode where ${episode.episodeIndex} should be`,
      { path },
    )
  return ok(columns)
}
