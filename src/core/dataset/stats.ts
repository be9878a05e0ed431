/**
 * Statistics of one feature over one episode, in LeRobot's ten names (spec/lerobot.md §1.7). Computed in double precision;
 * quantiles are exact order statistics: the smallest value that at least the fraction p of all values does not exceed.
 */
export const quantileNames = ['q01', 'q10', 'q50', 'q90', 'q99'] as const
export const quantileLevels = [0.01, 0.1, 0.5, 0.9, 0.99] as const

/** One number per dimension of the feature; three (red, green, blue, each 0…1) for pictures. */
export interface FeatureStats {
  readonly min: readonly number[]
  readonly max: readonly number[]
  readonly mean: readonly number[]
  /** Population standard deviation. */
  readonly std: readonly number[]
  /** Rows, or sampled pictures. */
  readonly count: number
  readonly q01: readonly number[]
  readonly q10: readonly number[]
  readonly q50: readonly number[]
  readonly q90: readonly number[]
  readonly q99: readonly number[]
}

/** The order in which LeRobot writes them. */
export const statNames = ['min', 'max', 'mean', 'std', 'count', ...quantileNames] as const

interface DimensionStats {
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly std: number
  readonly quantiles: readonly number[]
}

/** Index of the order statistic for level `p` among `count` sorted values. */
export function quantileIndex(count: number, p: number): number {
  return Math.min(count - 1, Math.max(0, Math.ceil(p * count - 1e-9) - 1))
}

function ofDimension(values: Float64Array): DimensionStats {
  const sorted = values.sort()
  const count = sorted.length
  let sum = 0
  for (const v of sorted) sum += v
  const mean = sum / count
  let squares = 0
  for (const v of sorted) squares += (v - mean) ** 2
  return {
    min: sorted[0] ?? Number.NaN,
    max: sorted[count - 1] ?? Number.NaN,
    mean,
    std: Math.sqrt(squares / count),
    quantiles: quantileLevels.map((p) => sorted[quantileIndex(count, p)] ?? Number.NaN),
  }
}

/** Statistics of a feature from those of each of its numbers. */
export function assemble(dimensions: readonly DimensionStats[], count: number): FeatureStats {
  const quantile = (i: number): number[] => dimensions.map((d) => d.quantiles[i] ?? Number.NaN)
  return {
    min: dimensions.map((d) => d.min),
    max: dimensions.map((d) => d.max),
    mean: dimensions.map((d) => d.mean),
    std: dimensions.map((d) => d.std),
    count,
    q01: quantile(0),
    q10: quantile(1),
    q50: quantile(2),
    q90: quantile(3),
    q99: quantile(4),
  }
}

/** Statistics of a numeric feature. `values` holds rows one after the other, `size` values each; there is at least one row. */
export function numericStats(values: ArrayLike<number>, size: number): FeatureStats {
  const rows = values.length / size
  if (!Number.isInteger(rows) || rows < 1)
    throw new RangeError(`${values.length} values are not rows of ${size}`)
  const dimensions = Array.from({ length: size }, (_, d) =>
    ofDimension(Float64Array.from({ length: rows }, (_row, r) => values[r * size + d] ?? Number.NaN)),
  )
  return assemble(dimensions, rows)
}

/**
 * Statistics of a camera from the summed histogram of its sampled pictures: 3 × 256 counts, red, green, blue. `pictures`
 * is how many were sampled, which LeRobot stores as the count. Null when nothing was sampled.
 */
export function pictureStats(histogram: ArrayLike<number>, pictures: number): FeatureStats | null {
  if (histogram.length !== 768) throw new RangeError(`histogram of ${histogram.length} bins, not 3 × 256`)
  const dimensions: DimensionStats[] = []
  for (let channel = 0; channel < 3; channel += 1) {
    const bins = Array.from({ length: 256 }, (_, v) => histogram[channel * 256 + v] ?? 0)
    const total = bins.reduce((a, b) => a + b, 0)
    if (total === 0 || pictures === 0) return null
    dimensions.push(ofHistogram(bins, total))
  }
  return assemble(dimensions, pictures)
}

function ofHistogram(bins: readonly number[], total: number): DimensionStats {
  const mean = bins.reduce((sum, n, v) => sum + n * v, 0) / total
  const variance = bins.reduce((sum, n, v) => sum + n * (v - mean) ** 2, 0) / total
  const valueAt = (rank: number): number => {
    let seen = 0
    for (const [v, n] of bins.entries()) {
      seen += n
      if (seen > rank) return v
    }
    return 255
  }
  return {
    min: valueAt(0) / 255,
    max: valueAt(total - 1) / 255,
    mean: mean / 255,
    std: Math.sqrt(variance) / 255,
    quantiles: quantileLevels.map((p) => valueAt(quantileIndex(total, p)) / 255),
  }
}
