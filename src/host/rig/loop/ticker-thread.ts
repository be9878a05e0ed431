/**
 * The thread that waits for deadlines (see ticker.ts). Word 0 holds the index of the last deadline reached; word 1 is set to
 * end the thread, and is what it sleeps on, so that the end comes at once.
 */
import { workerData } from 'node:worker_threads'
import { machineClockUs } from '#host/shared/clock.ts'

export interface TickerThreadData {
  readonly shared: SharedArrayBuffer
  readonly startUs: number
  readonly periodUs: number
}

const { shared, startUs, periodUs } = workerData as TickerThreadData
const words = new Int32Array(shared)

let index = 1
while (Atomics.load(words, 1) === 0) {
  const leftUs = startUs + index * periodUs - machineClockUs()
  if (leftUs > 0) {
    Atomics.wait(words, 1, 0, leftUs / 1000)
    continue
  }
  index += Math.floor(-leftUs / periodUs)
  Atomics.store(words, 0, index)
  Atomics.notify(words, 0)
  index += 1
}
