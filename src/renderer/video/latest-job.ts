/** Work that must not overlap, where only the newest request matters: scrubbing asks for more pictures than anyone can see. */

export class LatestJob<A, R> {
  readonly #work: (argument: A) => Promise<R>
  #running: Promise<unknown> | null = null
  #waiting: { readonly argument: A; readonly settle: (result: R | 'superseded') => void } | null = null

  /** `work` must not reject. */
  constructor(work: (argument: A) => Promise<R>) {
    this.#work = work
  }

  get isIdle(): boolean {
    return this.#running === null
  }

  /** Resolves with the work's result, or `superseded` when a newer request came before this one was begun. */
  run(argument: A): Promise<R | 'superseded'> {
    this.#waiting?.settle('superseded')
    return new Promise((settle) => {
      this.#waiting = { argument, settle }
      if (this.#running === null) this.#next()
    })
  }

  #next(): void {
    const job = this.#waiting
    this.#waiting = null
    if (job === null) return
    this.#running = this.#work(job.argument).then((result) => {
      this.#running = null
      job.settle(result)
      if (this.#running === null) this.#next()
    })
  }
}
