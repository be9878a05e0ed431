/** Figures over the recent past, for the screen: they forget what is older than their span and are absent before the first value. */

interface Entry {
  readonly atUs: number
  readonly value: number
}

export class RollingMean {
  readonly #spanUs: number
  #entries: Entry[] = []

  constructor(spanUs: number) {
    this.#spanUs = spanUs
  }

  add(atUs: number, value: number): void {
    this.#entries.push({ atUs, value })
    this.forget(atUs)
  }

  /** Drops what is older than the span at `nowUs`. */
  forget(nowUs: number): void {
    const first = this.#entries.findIndex((entry) => entry.atUs > nowUs - this.#spanUs)
    this.#entries.splice(0, first < 0 ? this.#entries.length : first)
  }

  get mean(): number | null {
    if (this.#entries.length === 0) return null
    return this.#entries.reduce((sum, entry) => sum + entry.value, 0) / this.#entries.length
  }
}

/** Events per second between the first and the last event within the span. */
export class RollingRate {
  readonly #spanUs: number
  #times: number[] = []

  constructor(spanUs: number) {
    this.#spanUs = spanUs
  }

  add(atUs: number): void {
    this.#times.push(atUs)
    this.forget(atUs)
  }

  forget(nowUs: number): void {
    const first = this.#times.findIndex((time) => time > nowUs - this.#spanUs)
    this.#times.splice(0, first < 0 ? this.#times.length : first)
  }

  /** Null with fewer than two events. */
  get perSecond(): number | null {
    const [first, last] = [this.#times[0], this.#times.at(-1)]
    if (first === undefined || last === undefined || last <= first) return null
    return ((this.#times.length - 1) * 1_000_000) / (last - first)
  }
}
