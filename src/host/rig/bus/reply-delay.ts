/**
 * How long a line is silent while answers are due. The servos need microseconds; adapters, hubs and emulators up to many
 * milliseconds, and not always the same: the longest counts, and is forgotten within ten seconds. A machine that stalls now and then
 * is so left alone: asking again what was only late costs it more than it gains.
 */

/** Of what was known, for each answer since: at 200 a second 37 % are left after five seconds. */
const remembered = 0.999
/** Half as long again as usual, and the time of a busy system on top, is not late any more but lost. */
const margin = { times: 1.5, us: 1000 }
/** Timers count whole milliseconds. */
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
