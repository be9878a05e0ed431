/** Inference times over the last minute, for the screen. */
import { histogramOf, type LatencyHistogram } from '#core/policy/latency-histogram.ts'

const windowUs = 60e6
/** More than 60 s of any real policy; bounds memory for a runaway caller. */
const capacity = 4096

export interface LatencySummary {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly histogram: LatencyHistogram
}

/** @param timesMs at least one */
export function summariseTimes(timesMs: ArrayLike<number>): LatencySummary {
  const sorted = Array.from(timesMs).toSorted((a, b) => a - b)
  const at = (fraction: number): number => sorted[Math.ceil(fraction * sorted.length) - 1] ?? 0
  return {
    count: sorted.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    histogram: histogramOf(sorted),
  }
}

export class LatencyWindow {
  private entries: { readonly timeUs: number; readonly ms: number }[] = []

  add(timeUs: number, ms: number): void {
    this.entries.push({ timeUs, ms })
    if (this.entries.length > capacity) this.entries.shift()
  }

  /** Null while nothing was measured in the last minute. */
  summary(nowUs: number): LatencySummary | null {
    this.entries = this.entries.filter(({ timeUs }) => nowUs - timeUs <= windowUs)
    return this.entries.length === 0 ? null : summariseTimes(this.entries.map(({ ms }) => ms))
  }
}
