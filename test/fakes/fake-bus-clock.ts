/** Virtual time for a bus: nothing waits, and what was scheduled happens in the order of its time. */
import type { BusClock } from '#host/rig/bus/bus-clock.ts'

interface ScheduledCall {
  readonly atUs: number
  readonly order: number
  readonly callback: () => void
}

/** One turn of the event loop takes this long. */
const turnUs = 20

export class FakeBusClock implements BusClock {
  #nowUs: number
  #order = 0
  readonly #calls = new Set<ScheduledCall>()

  constructor(startUs = 1_000_000) {
    this.#nowUs = startUs
  }

  readonly nowUs = (): number => this.#nowUs

  callAt(timeUs: number, callback: () => void): Disposable {
    const call: ScheduledCall = { atUs: Math.max(timeUs, this.#nowUs), order: (this.#order += 1), callback }
    this.#calls.add(call)
    return { [Symbol.dispose]: () => void this.#calls.delete(call) }
  }

  callSoonAfter(timeUs: number, callback: () => void): Disposable {
    return this.callAt(timeUs, callback)
  }

  afterIo(callback: () => void): void {
    this.callAt(this.#nowUs + turnUs, callback)
  }

  /** Calls that are still to come. */
  get pending(): number {
    return this.#calls.size
  }

  /** Lets time pass until `promise` settles. @throws when nothing is scheduled any more and it has not */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const settle = (): void => {
      isSettled = true
    }
    promise.then(settle, settle)
    for (;;) {
      await settled()
      if (isSettled) return promise
      if (!this.#step(Infinity)) throw new Error(`nothing is scheduled at ${this.#nowUs} µs`)
    }
  }

  /** Lets `durationUs` pass. */
  async pass(durationUs: number): Promise<void> {
    const untilUs = this.#nowUs + durationUs
    do await settled()
    while (this.#step(untilUs))
    this.#nowUs = untilUs
  }

  /** Time jumps as it does for a stalled process: what became due meanwhile happens afterwards, in order. */
  stall(durationUs: number): void {
    this.#nowUs += durationUs
  }

  #step(untilUs: number): boolean {
    const [next] = [...this.#calls].sort((a, b) => a.atUs - b.atUs || a.order - b.order)
    if (next === undefined || next.atUs > untilUs) return false
    this.#calls.delete(next)
    this.#nowUs = Math.max(this.#nowUs, next.atUs)
    next.callback()
    return true
  }
}

/** Every microtask that is ready has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
