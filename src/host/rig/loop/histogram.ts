/**
 * Counts durations in fixed bins over the last minute or so, without keeping them: two halves take turns, so that
 * percentiles follow the present and never cost a sort. Resolution 10 µs up to 20 ms, then 1 ms up to 1 s.
 */

const fineUs = 10
const fineBins = 2000
const coarseUs = 1000
const coarseBins = 980
const bins = fineBins + coarseBins

const binOf = (us: number): number => {
  if (us < fineUs * fineBins) return Math.max(0, Math.floor(us / fineUs))
  return Math.min(bins - 1, fineBins + Math.floor((us - fineUs * fineBins) / coarseUs))
}

/** Upper edge of a bin: a percentile never flatters. */
const edgeOf = (bin: number): number =>
  bin < fineBins ? (bin + 1) * fineUs : fineUs * fineBins + (bin - fineBins + 1) * coarseUs

export class Histogram {
  readonly #halfLength: number
  #now = new Uint32Array(bins)
  #before = new Uint32Array(bins)
  #countNow = 0
  #countBefore = 0

  /** @param halfLength samples after which the older half is forgotten */
  constructor(halfLength = 6000) {
    this.#halfLength = halfLength
  }

  add(us: number): void {
    if (this.#countNow >= this.#halfLength) {
      const old = this.#before.fill(0)
      this.#before = this.#now
      this.#now = old
      this.#countBefore = this.#countNow
      this.#countNow = 0
    }
    const bin = binOf(us)
    this.#now[bin] = (this.#now[bin] ?? 0) + 1
    this.#countNow += 1
  }

  get count(): number {
    return this.#countNow + this.#countBefore
  }

  /** Microseconds below which `share` (0…1) of the samples lie; null without samples. */
  percentile(share: number): number | null {
    if (this.count === 0) return null
    let left = Math.max(1, Math.ceil(share * this.count))
    for (let bin = 0; bin < bins; bin++) {
      left -= (this.#now[bin] ?? 0) + (this.#before[bin] ?? 0)
      if (left <= 0) return edgeOf(bin)
    }
    return edgeOf(bins - 1)
  }
}
