/** Time as a bus needs it: what time it is, a call at a time, and a call after the system's pending input was delivered. */
import { machineClockUs, type Clock } from '#host/shared/clock.ts'

export interface BusClock {
  readonly nowUs: Clock
  /** Calls back once at `timeUs` or as soon after it as the process runs; disposal prevents the call. */
  readonly callAt: (timeUs: number, callback: () => void) => Disposable
  /** Calls back a millisecond or two after `timeUs`, for what hardly ever comes to that: waiting costs nothing. */
  readonly callSoonAfter: (timeUs: number, callback: () => void) => Disposable
  /** Calls back after the event loop has looked for input once more. */
  readonly afterIo: (callback: () => void) => void
}

/** Node's timers count whole milliseconds, so the last stretch before a call is waited out turn by turn. */
const timerSlackUs = 1500

/** The bus clock of this process. The last millisecond and a half before a call is polled, input still being served. */
export function processBusClock(nowUs: Clock = machineClockUs): BusClock {
  return {
    nowUs,
    afterIo: (callback) => void setImmediate(callback),
    callSoonAfter: (timeUs, callback) => {
      const timer = setTimeout(callback, Math.ceil((timeUs - nowUs()) / 1000))
      return { [Symbol.dispose]: () => clearTimeout(timer) }
    },
    callAt: (timeUs, callback) => {
      let cancel: () => void
      const step = (): void => {
        const leftUs = timeUs - nowUs()
        if (leftUs <= 0) callback()
        else if (leftUs > timerSlackUs) {
          const timer = setTimeout(step, Math.floor((leftUs - timerSlackUs) / 1000) + 1)
          cancel = () => clearTimeout(timer)
        } else {
          const turn = setImmediate(step)
          cancel = () => clearImmediate(turn)
        }
      }
      const first = setImmediate(step)
      cancel = () => clearImmediate(first)
      return { [Symbol.dispose]: () => cancel() }
    },
  }
}
