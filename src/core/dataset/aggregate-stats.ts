/**
 * Statistics of many episodes from the statistics of each. Count, mean, spread, minimum and maximum come out exact; the
 * quantiles are those of the mixture of the episodes' distributions, each known at seven points, which is closer to the
 * truth than LeRobot's weighted mean of quantiles.
 */
import { assemble, type FeatureStats, quantileLevels } from './stats.ts'

/** Feature key → statistics. */
export type DatasetStats = Readonly<Record<string, FeatureStats>>

interface Part {
  readonly weight: number
  /** Seven points: minimum, the five quantiles, maximum. */
  readonly at: readonly number[]
}

const levels = [0, ...quantileLevels, 1]

/** Share of a part's values at or below `x`: its distribution, straight between the known points. */
function shareBelow(part: Part, x: number): number {
  let i = levels.length - 1
  while (i >= 0 && (part.at[i] ?? 0) > x) i -= 1
  if (i < 0) return 0
  if (i === levels.length - 1) return 1
  const from = part.at[i] ?? 0
  const to = part.at[i + 1] ?? 0
  const low = levels[i] ?? 0
  return low + (((levels[i + 1] ?? 1) - low) * (x - from)) / (to - from)
}

/** The smallest x at which the mixture holds at least the share `p`. */
function mixtureQuantile(parts: readonly Part[], knots: readonly number[], p: number): number {
  const share = (x: number): number => parts.reduce((sum, part) => sum + part.weight * shareBelow(part, x), 0)
  let low = 0
  let high = knots.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (share(knots[middle] ?? 0) >= p - 1e-12) high = middle
    else low = middle + 1
  }
  const right = knots[low] ?? 0
  const left = low === 0 ? right : (knots[low - 1] ?? right)
  if (left === right) return right
  const shareLeft = share(left)
  // Just left of the knot: a part that jumps there has not jumped yet, so the line ends below the knot's own share.
  const shareRight = parts.reduce((sum, part) => sum + part.weight * shareBefore(part, right), 0)
  if (p >= shareRight) return right
  return left + ((right - left) * (p - shareLeft)) / (shareRight - shareLeft)
}

/** The limit of `shareBelow` from the left. */
function shareBefore(part: Part, x: number): number {
  let i = levels.length - 1
  while (i >= 0 && (part.at[i] ?? 0) >= x) i -= 1
  if (i < 0) return 0
  if (i === levels.length - 1) return 1
  const from = part.at[i] ?? 0
  const to = part.at[i + 1] ?? 0
  const low = levels[i] ?? 0
  return low + (((levels[i + 1] ?? 1) - low) * (x - from)) / (to - from)
}

/** Combines the statistics of one feature. At least one part; all of one size. */
export function aggregateFeature(parts: readonly FeatureStats[]): FeatureStats {
  const [first] = parts
  if (first === undefined) throw new RangeError('nothing to aggregate')
  if (parts.length === 1) return first
  const count = parts.reduce((sum, s) => sum + s.count, 0)
  const dimensions = first.min.map((_, d) => {
    const value = (list: readonly number[]): number => list[d] ?? Number.NaN
    const mean = parts.reduce((sum, s) => sum + value(s.mean) * s.count, 0) / count
    const variance =
      parts.reduce((sum, s) => sum + (value(s.std) ** 2 + (value(s.mean) - mean) ** 2) * s.count, 0) / count
    const mixture = parts.map((s) => ({
      weight: s.count / count,
      at: [s.min, s.q01, s.q10, s.q50, s.q90, s.q99, s.max].map(value),
    }))
    const knots = [...new Set(mixture.flatMap((part) => part.at))].sort((a, b) => a - b)
    return {
      min: Math.min(...parts.map((s) => value(s.min))),
      max: Math.max(...parts.map((s) => value(s.max))),
      mean,
      std: Math.sqrt(variance),
      quantiles: quantileLevels.map((p) => mixtureQuantile(mixture, knots, p)),
    }
  })
  return assemble(dimensions, count)
}

/** Combines the statistics of episodes, feature by feature; a feature that some lack is combined from those that have it. */
export function aggregateStats(episodes: readonly DatasetStats[]): DatasetStats {
  const keys = new Set(episodes.flatMap((stats) => Object.keys(stats)))
  return Object.fromEntries(
    [...keys].map((key) => [key, aggregateFeature(episodes.flatMap((stats) => stats[key] ?? []))]),
  )
}
