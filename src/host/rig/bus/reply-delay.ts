/**
 * How long a line is silent while answers are due. The servos need microseconds; adapters, hubs and emulators up to many
 * milliseconds, and not always the same: the longest counts, and is forgotten within a second.
 */

/** Of what was known, for each answer since: at 200 a second 13 % are left after one. */
const remembered = 0.99
/** Half as long again as usual, and the time of a busy system on top, is not late any more but lost. */
const margin = { times: 1.5, us: 1000 }
/** Timers below this are polled for, which would cost a core on a quick line where nothing is lost. */
const leastUs = 3000

export class ReplyDelay {
  #usualUs: number | null = null

  /** Null before anything was measured. */
  get usualUs(): number | null {
    return this.#usualUs
  }

  /** The longest silence within one request that was answered in full. */
  note(silenceUs: number): void {
    this.#usualUs = Math.max(silenceUs, (this.#usualUs ?? 0) * remembered)
  }

  /** Silence after which what is due counts as lost; null before anything was measured. */
  get lostAfterUs(): number | null {
    return this.#usualUs === null ? null : Math.max(leastUs, margin.times * this.#usualUs + margin.us)
  }
}
