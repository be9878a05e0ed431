/**
 * The rig's clock as seen from this worker: its own clock plus an offset that is measured twice a second and whose bound is
 * always known. Invariant: no time is given before the first answer.
 */
import { ClockOffsetEstimator } from '#core/timeline/clock-offset.ts'

export interface RigTime {
  readonly us: number
  /** The true rig time lies within `us ± uncertaintyUs`. */
  readonly uncertaintyUs: number
}

/** `performance.now()` of a page without cross-origin isolation is rounded to 100 µs. */
const timerStepUs = 100
const pingEveryMs = 500
const firstPings = 5
const firstPingEveryMs = 40

export class RigClock implements Disposable {
  readonly #nowUs: () => number
  readonly #offset = new ClockOffsetEstimator()
  #timer: ReturnType<typeof setTimeout> | null = null
  #ping: ((clientUs: number) => Promise<number>) | null = null
  #asked = 0

  /** `nowUs`: this worker's own clock, microseconds. */
  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
  }

  /** Starts asking. `ping` sends our time and answers with the rig's. */
  start(ping: (clientUs: number) => Promise<number>): void {
    this.stop()
    this.#ping = ping
    this.#asked = 0
    void this.#ask()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#ping = null
  }

  /** A time of this worker's clock on the rig's clock, or null before the first answer. */
  toRig(localUs: number): RigTime | null {
    const estimate = this.#offset.estimate(localUs)
    if (estimate === null) return null
    return {
      us: Math.round(localUs + estimate.offsetUs),
      uncertaintyUs: Math.ceil(estimate.uncertaintyUs) + timerStepUs,
    }
  }

  now(): RigTime | null {
    return this.toRig(this.#nowUs())
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  async #ask(): Promise<void> {
    const ping = this.#ping
    if (ping === null) return
    const sentLocalUs = this.#nowUs()
    try {
      const rigUs = await ping(sentLocalUs)
      this.#offset.add({
        sentLocalUs,
        receivedRemoteUs: rigUs,
        sentRemoteUs: rigUs,
        receivedLocalUs: this.#nowUs(),
      })
    } catch {
      // The rig host is away; the bound widens with age until it answers again.
    }
    if (this.#ping !== ping) return
    this.#asked += 1
    this.#timer = setTimeout(
      () => void this.#ask(),
      this.#asked < firstPings ? firstPingEveryMs : pingEveryMs,
    )
  }
}
