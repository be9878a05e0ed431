/** Time and timers as parameters, so that back-off, freshness and holds are tested without waiting. */
export interface Timers {
  /** Monotonic milliseconds of this page. */
  nowMs(): number
  after(delayMs: number, act: () => void): Disposable
  every(periodMs: number, act: () => void): Disposable
}

export const pageTimers: Timers = {
  nowMs: () => performance.now(),
  after: (delayMs, act) => {
    const id = setTimeout(act, delayMs)
    return { [Symbol.dispose]: () => clearTimeout(id) }
  },
  every: (periodMs, act) => {
    const id = setInterval(act, periodMs)
    return { [Symbol.dispose]: () => clearInterval(id) }
  },
}
