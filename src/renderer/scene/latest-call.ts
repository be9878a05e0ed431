/** One call at a time, always with the newest argument: what a pointer produces faster than a host can answer. */

export class LatestCall<T> {
  readonly #call: (argument: T) => Promise<void>
  #waiting: { readonly argument: T } | null = null
  #isBusy = false

  /** `call` handles its own failures. */
  constructor(call: (argument: T) => Promise<void>) {
    this.#call = call
  }

  send(argument: T): void {
    this.#waiting = { argument }
    if (!this.#isBusy) void this.#drain()
  }

  /** Forgets an argument that was not sent yet. */
  cancel(): void {
    this.#waiting = null
  }

  async #drain(): Promise<void> {
    this.#isBusy = true
    try {
      for (;;) {
        const next = this.#waiting
        if (next === null) return
        this.#waiting = null
        await this.#call(next.argument)
      }
    } finally {
      this.#isBusy = false
    }
  }
}
