/**
 * Estimates how far another process's monotonic clock is from ours, from ping round trips. Invariant: as long as no
 * message arrives before it was sent and the clocks drift apart by less than `maxDriftPpm`, the true offset lies within
 * `offsetUs ± uncertaintyUs`, whatever the delays were.
 */

/** One round trip. Local times are of the clock that asks, remote times of the clock that answers; all microseconds. */
export interface PingSample {
  readonly sentLocalUs: number
  /** When the remote side received the question. */
  readonly receivedRemoteUs: number
  /** When the remote side sent the answer; equal to `receivedRemoteUs` when it answers at once. */
  readonly sentRemoteUs: number
  readonly receivedLocalUs: number
}

export interface ClockOffset {
  /** Remote time minus local time at the asked local instant, microseconds. */
  readonly offsetUs: number
  /** Half width of the interval that surely holds the offset, microseconds. */
  readonly uncertaintyUs: number
  /** Measured drift of the remote clock against ours, parts per million; null until the samples span a tenth of the window. */
  readonly driftPpm: number | null
  /** Shortest round trip in the window, microseconds. */
  readonly minRoundTripUs: number
  /** How often the clocks were seen to jump against each other (a machine that slept, a restarted peer). */
  readonly steps: number
}

export interface ClockOffsetOptions {
  /** Samples older than this are forgotten, microseconds. */
  readonly windowUs?: number
  /** Bound on the drift that is assumed between two samples. Both clocks of one machine share an oscillator, so 50 is generous. */
  readonly maxDriftPpm?: number
}

interface Bound {
  /** Local middle of the round trip. */
  readonly atUs: number
  /** Lower bound of the offset at `lowAtUs`, when the answer came, and upper bound at `highAtUs`, when the question went. */
  readonly lowUs: number
  readonly lowAtUs: number
  readonly highUs: number
  readonly highAtUs: number
  readonly roundTripUs: number
}

export class ClockOffsetEstimator {
  readonly #windowUs: number
  readonly #maxDriftPpm: number
  #bounds: Bound[] = []
  #steps = 0

  constructor(options: ClockOffsetOptions = {}) {
    this.#windowUs = options.windowUs ?? 60_000_000
    this.#maxDriftPpm = options.maxDriftPpm ?? 50
  }

  /** Adds a round trip. One that contradicts all earlier ones means that a clock jumped: the earlier ones are dropped. */
  add(sample: PingSample): void {
    const bound = toBound(sample)
    if (bound === null) return
    if (this.#bounds.length > 0) {
      const known = this.#intersect(this.#bounds, bound.atUs)
      const fresh = this.#intersect([bound], bound.atUs)
      if (fresh.lowUs > known.highUs || fresh.highUs < known.lowUs) {
        this.#bounds = []
        this.#steps += 1
      }
    }
    this.#bounds = this.#bounds.filter((b) => b.atUs >= bound.atUs - this.#windowUs)
    this.#bounds.push(bound)
  }

  /** The offset at `atLocalUs`, or null before the first good round trip. */
  estimate(atLocalUs: number): ClockOffset | null {
    if (this.#bounds.length === 0) return null
    const { lowUs, highUs } = this.#intersect(this.#bounds, atLocalUs)
    return {
      offsetUs: (lowUs + highUs) / 2,
      uncertaintyUs: Math.max(0, (highUs - lowUs) / 2),
      driftPpm: this.#drift(),
      minRoundTripUs: Math.min(...this.#bounds.map((b) => b.roundTripUs)),
      steps: this.#steps,
    }
  }

  /** A local time on the remote clock, microseconds (not rounded), or null before the first good round trip. */
  toRemoteUs(localUs: number): number | null {
    const estimate = this.estimate(localUs)
    return estimate === null ? null : localUs + estimate.offsetUs
  }

  /** Every sample bounds the offset; its bounds widen with age by the assumed drift. The truth is in all of them. */
  #intersect(bounds: readonly Bound[], atUs: number): { lowUs: number; highUs: number } {
    const slackUs = (sinceUs: number): number => (Math.abs(atUs - sinceUs) * this.#maxDriftPpm) / 1_000_000
    let lowUs = -Infinity
    let highUs = Infinity
    for (const b of bounds) {
      lowUs = Math.max(lowUs, b.lowUs - slackUs(b.lowAtUs))
      highUs = Math.min(highUs, b.highUs + slackUs(b.highAtUs))
    }
    return { lowUs, highUs }
  }

  /** Weighted least squares through the middles of the bounds; narrow bounds weigh more. Bounded by the assumed drift. */
  #drift(): number | null {
    const first = this.#bounds[0]
    const last = this.#bounds.at(-1)
    if (first === undefined || last === undefined || last.atUs - first.atUs < this.#windowUs / 10) return null
    let sumW = 0
    let sumX = 0
    let sumY = 0
    let sumXx = 0
    let sumXy = 0
    for (const b of this.#bounds) {
      const w = 1 / Math.max(1, b.roundTripUs) ** 2
      const x = b.atUs - first.atUs
      const y = (b.lowUs + b.highUs) / 2 - (first.lowUs + first.highUs) / 2
      sumW += w
      sumX += w * x
      sumY += w * y
      sumXx += w * x * x
      sumXy += w * x * y
    }
    const denominator = sumW * sumXx - sumX * sumX
    if (denominator <= 0) return null
    const ppm = ((sumW * sumXy - sumX * sumY) / denominator) * 1_000_000
    return Math.min(this.#maxDriftPpm, Math.max(-this.#maxDriftPpm, ppm))
  }
}

/** Null for a round trip that ends before it began: such a sample proves nothing. */
function toBound(sample: PingSample): Bound | null {
  const roundTripUs =
    sample.receivedLocalUs - sample.sentLocalUs - (sample.sentRemoteUs - sample.receivedRemoteUs)
  if (!Number.isFinite(roundTripUs) || roundTripUs < 0) return null
  return {
    atUs: (sample.sentLocalUs + sample.receivedLocalUs) / 2,
    lowUs: sample.sentRemoteUs - sample.receivedLocalUs,
    lowAtUs: sample.receivedLocalUs,
    highUs: sample.receivedRemoteUs - sample.sentLocalUs,
    highAtUs: sample.sentLocalUs,
    roundTripUs,
  }
}
