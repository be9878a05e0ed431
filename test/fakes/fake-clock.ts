/** Time in a test's hand: a clock that moves when told, and a ticker that beats when told. */
import type { Ticker, TickerBeat } from '#host/rig/loop/ticker.ts'

export class FakeClock {
  #nowUs: number
  /** For anything that takes a clock as a function. */
  readonly now = (): number => this.#nowUs

  constructor(startUs = 1_000_000) {
    this.#nowUs = startUs
  }

  get nowUs(): number {
    return this.#nowUs
  }

  advance(us: number): void {
    this.#nowUs += us
  }
}

/** Lets everything that waits for an already settled promise run. */
export async function settle(rounds = 20): Promise<void> {
  for (let round = 0; round < rounds; round++) await Promise.resolve()
}

export class FakeTicker implements Ticker {
  readonly #clock: FakeClock
  readonly #periodUs: number
  readonly #startUs: number
  #listener: ((beat: TickerBeat) => void) | null = null
  #index = 0
  isDisposed = false

  constructor(clock: FakeClock, periodUs: number) {
    this.#clock = clock
    this.#periodUs = periodUs
    this.#startUs = clock.nowUs
  }

  start(listener: (beat: TickerBeat) => void): void {
    this.#listener = listener
  }

  /** Moves the clock to the next deadline (after `skip` missed ones) plus `lateUs`, and beats. */
  async beat(options: { readonly skip?: number; readonly lateUs?: number } = {}): Promise<void> {
    this.#index += 1 + (options.skip ?? 0)
    const deadlineUs = this.#startUs + this.#index * this.#periodUs
    this.#clock.advance(Math.max(0, deadlineUs + (options.lateUs ?? 0) - this.#clock.nowUs))
    this.#listener?.({ index: this.#index, deadlineUs })
    await settle()
  }

  async beats(count: number, each?: () => void): Promise<void> {
    for (let left = count; left > 0; left--) {
      each?.()
      await this.beat()
    }
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
    this.#listener = null
  }
}
