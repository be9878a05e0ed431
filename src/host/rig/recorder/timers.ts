/** Time as the recorder needs it, injected so that tests decide when something is due. */
export interface Timers {
  after(delayMs: number, action: () => void): Disposable
  every(periodMs: number, action: () => void): Disposable
}

export const nodeTimers: Timers = {
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
  every: (periodMs, action) => {
    const timer = setInterval(action, periodMs)
    return { [Symbol.dispose]: () => clearInterval(timer) }
  },
}
