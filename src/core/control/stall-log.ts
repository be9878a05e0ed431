/**
 * Remembers when the loop itself stood still, so that what could not be heard meanwhile is not called silent. While it
 * stands still no goal changes: an arm that cannot be heard then does not move either.
 */

const keptUs = 2_000_000
/** Ticks further apart than this many periods are a stall. */
const stallPeriods = 3

export class StallLog {
  readonly #periodUs: number
  #stalls: { readonly endUs: number; readonly lengthUs: number }[] = []
  #lastUs: number | null = null

  constructor(periodUs: number) {
    this.#periodUs = periodUs
  }

  /** Called once a tick. */
  tick(nowUs: number): void {
    const dtUs = this.#lastUs === null ? 0 : nowUs - this.#lastUs
    this.#lastUs = nowUs
    if (dtUs > stallPeriods * this.#periodUs)
      this.#stalls.push({ endUs: nowUs, lengthUs: dtUs - this.#periodUs })
    while ((this.#stalls[0]?.endUs ?? nowUs) < nowUs - keptUs) this.#stalls.shift()
  }

  /** Microseconds since `timeUs` for which the loop was there to hear. */
  heardFor(timeUs: number, nowUs: number): number {
    let us = nowUs - timeUs
    for (const { endUs, lengthUs } of this.#stalls)
      if (endUs > timeUs) us -= Math.min(lengthUs, endUs - timeUs)
    return us
  }
}
