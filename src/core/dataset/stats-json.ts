/** meta/stats.json: LeRobot's nesting of statistics, pictures as 3×1×1, both directions. */
import { fail, ok, type Result } from '../result.ts'
import type { DatasetStats } from './aggregate-stats.ts'
import type { Features } from './feature.ts'
import { type FeatureStats, quantileNames, statNames } from './stats.ts'

/** True when the statistics of a feature are nested per colour channel. */
export function hasPictureStats(features: Features, key: string): boolean {
  const dtype = features[key]?.dtype
  return dtype === 'video' || dtype === 'image'
}

/** One statistic as LeRobot nests it: `[n]` for counts, `[…]` for vectors, `[[[r]],[[g]],[[b]]]` for pictures. */
export function nestStat(
  stats: FeatureStats,
  name: (typeof statNames)[number],
  isPicture: boolean,
): unknown[] {
  if (name === 'count') return [stats.count]
  return isPicture ? stats[name].map((v) => [[v]]) : [...stats[name]]
}

/** Real numbers always with a point or an exponent, as Python writes them: LeRobot makes integer arrays of anything else. */
function realText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(realText).join(', ')}]`
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** Text of stats.json, features in the order of info.json. */
export function serialiseStats(stats: DatasetStats, features: Features): string {
  const entries = Object.keys(features).flatMap((key) => {
    const feature = stats[key]
    if (feature === undefined) return []
    const isPicture = hasPictureStats(features, key)
    const lines = statNames.map((name) => {
      const text = name === 'count' ? `[${feature.count}]` : realText(nestStat(feature, name, isPicture))
      return `        "${name}": ${text}`
    })
    return `    ${JSON.stringify(key)}: {\n${lines.join(',\n')}\n    }`
  })
  return `{\n${entries.join(',\n')}\n}`
}

const flatNumbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.flat(Infinity).map(Number) : value === undefined ? [] : [Number(value)]

/**
 * Reads stats.json. A feature whose quantiles are missing (datasets converted from v2.1) is left out, since mixing needs them.
 */
export function parseStats(text: string): Result<DatasetStats> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('dataset/damaged', 'meta/stats.json is not JSON')
  }
  if (typeof json !== 'object' || json === null)
    return fail('dataset/damaged', 'meta/stats.json holds no object')
  const stats: Record<string, FeatureStats> = {}
  for (const [key, value] of Object.entries(json as Record<string, Record<string, unknown>>)) {
    const parsed = parseFeatureStats((name) => value[name])
    if (parsed !== null) stats[key] = parsed
  }
  return ok(stats)
}

/** Statistics from anything that answers by name; null unless all ten are there with one length. */
export function parseFeatureStats(get: (name: string) => unknown): FeatureStats | null {
  const [count] = flatNumbers(get('count'))
  const min = flatNumbers(get('min'))
  if (count === undefined || min.length === 0) return null
  const lists: Record<string, number[]> = { min }
  for (const name of ['max', 'mean', 'std', ...quantileNames]) {
    const values = flatNumbers(get(name))
    if (values.length !== min.length) return null
    lists[name] = values
  }
  const list = (name: string): number[] => lists[name] ?? []
  return {
    min,
    max: list('max'),
    mean: list('mean'),
    std: list('std'),
    count,
    q01: list('q01'),
    q10: list('q10'),
    q50: list('q50'),
    q90: list('q90'),
    q99: list('q99'),
  }
}
