/** Entry of the thread that saves takes: statistics and Parquet cost milliseconds that the control loop does not have. */
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { saveTakeFolder } from './save-take.ts'
import type { SaveReply, SaveRequest } from './save-thread.ts'

/** On Linux a thread has a priority of its own: the control loop's thread must always come first. Elsewhere it stays as it is. */
function stepBack(): void {
  if (process.platform !== 'linux') return
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    if (threadId !== process.pid) setPriority(threadId, constants.priority.PRIORITY_LOW)
  } catch {
    // No /proc, or not permitted: saving then competes as any thread does.
  }
}

stepBack()
parentPort?.on('message', ({ id, folder, outcome }: SaveRequest) => {
  saveTakeFolder(folder, outcome)
    .catch((error: unknown): SaveReply['result'] => ({
      ok: false,
      error: {
        code: 'record/io',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      },
    }))
    .then((result) => parentPort?.postMessage({ id, result } satisfies SaveReply, []))
    .catch(() => process.exit(1))
})
