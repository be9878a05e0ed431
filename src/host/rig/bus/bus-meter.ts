/**
 * What a bus has done: counters since it was opened, and rates over the last second. Every number the screen shows of a bus
 * comes from here. Rates are kept in slices of a twentieth of a second, so a rate covers 0.95–1 s.
 */
import type { BusStats } from '../arm-port.ts'

const sliceUs = 50_000
const slices = 20
const bitsPerByte = 10
/** Enough for a second of reads at 1 kHz; older ones fall out first. */
const maxRoundTrips = 1024

interface Slice {
  /** `timeUs / sliceUs`, so that an old slice is known by its number. */
  number: number
  bytes: number
  readonly asked: Map<number, number>
  readonly lost: Map<number, number>
}

interface RoundTrip {
  readonly atUs: number
  readonly durationUs: number
}

export class BusMeter {
  readonly #slices: Slice[] = Array.from({ length: slices }, () => ({
    number: -1,
    bytes: 0,
    asked: new Map(),
    lost: new Map(),
  }))
  readonly #roundTrips: RoundTrip[] = []
  readonly #lastAnswerUs = new Map<number, number>()
  readonly #openedUs: number
  #requests = 0
  #timeouts = 0
  #corrupt = 0

  constructor(openedUs: number) {
    this.#openedUs = openedUs
  }

  /** Bytes put on the wire or taken from it. */
  countBytes(count: number, nowUs: number): void {
    this.#slice(nowUs).bytes += count
  }

  countRequest(): void {
    this.#requests += 1
  }

  /** The end of a request: who answered of those asked, and how many damaged packets were seen. */
  countOutcome(
    asked: readonly number[],
    answered: ReadonlySet<number>,
    corrupt: number,
    nowUs: number,
  ): void {
    const slice = this.#slice(nowUs)
    for (const id of asked) {
      increment(slice.asked, id)
      if (answered.has(id)) this.#lastAnswerUs.set(id, nowUs)
      else increment(slice.lost, id)
    }
    if (answered.size < asked.length) this.#timeouts += 1
    this.#corrupt += corrupt
  }

  /** The duration of a complete pass over all servos. */
  countRoundTrip(durationUs: number, nowUs: number): void {
    this.#roundTrips.push({ atUs: nowUs, durationUs })
    if (this.#roundTrips.length > maxRoundTrips) this.#roundTrips.shift()
  }

  /** @param ids servos in profile order */
  stats(ids: readonly number[], baud: number, nowUs: number): BusStats {
    const newest = Math.floor(nowUs / sliceUs)
    const recent = this.#slices.filter(({ number }) => number > newest - slices && number <= newest)
    const sum = (pick: (slice: Slice) => number): number =>
      recent.reduce((total, slice) => total + pick(slice), 0)
    // The newest slice has only begun, and a bus opened just now has no second behind it.
    const coveredUs = Math.min((slices - 1) * sliceUs + (nowUs % sliceUs), nowUs - this.#openedUs)
    const bits = sum((slice) => slice.bytes) * bitsPerByte
    return {
      requests: this.#requests,
      timeouts: this.#timeouts,
      corrupt: this.#corrupt,
      lostFraction: ids.map((id) => {
        const asked = sum((slice) => slice.asked.get(id) ?? 0)
        return asked === 0 ? 0 : sum((slice) => slice.lost.get(id) ?? 0) / asked
      }),
      silentUs: ids.map((id) => nowUs - (this.#lastAnswerUs.get(id) ?? this.#openedUs)),
      utilisation: coveredUs <= 0 ? 0 : Math.min(1, ((bits / baud) * 1e6) / coveredUs),
      roundTripP99Us: this.#percentile99(nowUs),
    }
  }

  #percentile99(nowUs: number): number {
    const durations = this.#roundTrips
      .filter(({ atUs }) => nowUs - atUs <= 1_000_000)
      .map(({ durationUs }) => durationUs)
      .sort((a, b) => a - b)
    return durations[Math.ceil(durations.length * 0.99) - 1] ?? 0
  }

  #slice(nowUs: number): Slice {
    const number = Math.floor(nowUs / sliceUs)
    const slice = this.#slices[number % slices]
    if (slice === undefined) throw new Error(`time ${nowUs} is before the clock began`)
    if (slice.number !== number) {
      slice.number = number
      slice.bytes = 0
      slice.asked.clear()
      slice.lost.clear()
    }
    return slice
  }
}

function increment(counts: Map<number, number>, id: number): void {
  counts.set(id, (counts.get(id) ?? 0) + 1)
}
