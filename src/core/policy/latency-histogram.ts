/**
 * Times in buckets that grow with them, four to each doubling from 0.1 ms on: a stage of half a millisecond and one of two
 * seconds are told apart on the same axis, and a second mode or a tail shows that a median hides.
 */

export interface LatencyHistogram {
  /** Number of the first bucket that holds anything. */
  readonly first: number
  /** From there on, up to the last that holds anything. */
  readonly counts: number[]
}

const leastMs = 0.1
const perDoubling = 4
/** Half an hour. */
const lastBucket = 96

/** Where bucket `bucket` begins, milliseconds; everything shorter than the first edge is in bucket 0. */
export const bucketFromMs = (bucket: number): number => leastMs * 2 ** (bucket / perDoubling)

const bucketOf = (ms: number): number =>
  Math.min(lastBucket, Math.max(0, Math.floor(perDoubling * Math.log2(ms / leastMs))))

/** @param timesMs finite; none makes an empty histogram */
export function histogramOf(timesMs: ArrayLike<number>): LatencyHistogram {
  const buckets = Array.from(timesMs, bucketOf)
  if (buckets.length === 0) return { first: 0, counts: [] }
  const first = Math.min(...buckets)
  const counts = Array.from({ length: Math.max(...buckets) - first + 1 }, () => 0)
  for (const bucket of buckets) counts[bucket - first] = (counts[bucket - first] ?? 0) + 1
  return { first, counts }
}

const blocks = ' ▁▂▃▄▅▆▇█'

/** The shape in one line of text, the fullest bucket a full block; whatever is not empty shows. */
export function histogramText({ counts }: LatencyHistogram): string {
  const fullest = Math.max(1, ...counts)
  return counts.map((count) => blocks[Math.ceil((count / fullest) * 8)] ?? '').join('')
}
