/** Timers of the page that move only when told: time is a number, and callbacks run in order of their due time. */
import type { Timers } from '#renderer/app/timers.ts'

interface Due {
  atMs: number
  readonly everyMs: number | null
  readonly act: () => void
}

export class ManualTimers implements Timers {
  #nowMs = 0
  readonly #due = new Set<Due>()

  nowMs(): number {
    return this.#nowMs
  }

  get waiting(): number {
    return this.#due.size
  }

  after(delayMs: number, act: () => void): Disposable {
    return this.#add({ atMs: this.#nowMs + delayMs, everyMs: null, act })
  }

  every(periodMs: number, act: () => void): Disposable {
    return this.#add({ atMs: this.#nowMs + periodMs, everyMs: periodMs, act })
  }

  advance(ms: number): void {
    const endMs = this.#nowMs + ms
    for (;;) {
      const next = [...this.#due].filter((due) => due.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.#nowMs = next.atMs
      if (next.everyMs === null) this.#due.delete(next)
      else next.atMs += next.everyMs
      next.act()
    }
    this.#nowMs = endMs
  }

  #add(due: Due): Disposable {
    this.#due.add(due)
    return { [Symbol.dispose]: () => this.#due.delete(due) }
  }
}

/** Lets promises that are already settled run their reactions. */
export async function settle(rounds = 20): Promise<void> {
  for (let i = 0; i < rounds; i += 1) await Promise.resolve()
}
