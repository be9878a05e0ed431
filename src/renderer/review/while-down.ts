/** An act that repeats while its key is down: once at once, then, after a pause, as fast as a hand wants to scrub. */
import type { Timers } from '../app/timers.ts'

const pauseMs = 350

export function whileDown(timers: Timers, periodMs: number, act: () => void): Disposable {
  act()
  let repeating: Disposable | null = null
  const pause = timers.after(pauseMs, () => {
    repeating = timers.every(periodMs, act)
  })
  return {
    [Symbol.dispose]: () => {
      pause[Symbol.dispose]()
      repeating?.[Symbol.dispose]()
    },
  }
}
