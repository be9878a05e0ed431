/**
 * Wakes the control loop on a fixed grid of deadlines. Node's timers count whole milliseconds, so a thread of its own waits
 * for each deadline and notifies this one. Invariants: deadlines never drift (start + n·period); a tick that cannot be
 * delivered in time is skipped and shows as a gap in `index`, never queued.
 */
import { Worker } from 'node:worker_threads'
import { machineClockUs } from '../../shared/clock.ts'
import type { TickerThreadData } from './ticker-thread.ts'

export interface TickerBeat {
  /** Deadlines since the start; gaps are skipped ticks. */
  readonly index: number
  /** Machine-monotonic microseconds at which this tick was due. */
  readonly deadlineUs: number
}

export interface Ticker extends Disposable {
  /** Begins; one listener. */
  start(onBeat: (beat: TickerBeat) => void): void
}

/** A ticker on the machine clock. Beats stop when it is disposed. */
export function createTicker(periodUs: number): Ticker {
  const shared = new SharedArrayBuffer(8)
  const words = new Int32Array(shared)
  let worker: Worker | null = null

  const listen = async (startUs: number, onBeat: (beat: TickerBeat) => void): Promise<void> => {
    let seen = 0
    while (Atomics.load(words, 1) === 0) {
      const wait = Atomics.waitAsync(words, 0, seen)
      if (wait.async) await wait.value
      const index = Atomics.load(words, 0)
      if (index === seen || Atomics.load(words, 1) !== 0) continue
      seen = index
      onBeat({ index, deadlineUs: startUs + index * periodUs })
    }
  }

  return {
    start: (onBeat) => {
      if (worker) throw new Error('a ticker starts once')
      const startUs = machineClockUs()
      const data: TickerThreadData = { shared, startUs, periodUs }
      worker = new Worker(new URL('./ticker-thread.ts', import.meta.url), { workerData: data })
      void listen(startUs, onBeat)
    },
    [Symbol.dispose]: () => {
      Atomics.store(words, 1, 1)
      Atomics.notify(words, 1)
      Atomics.notify(words, 0)
      void worker?.terminate()
    },
  }
}
