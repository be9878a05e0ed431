/** Entry of the thread that saves takes: statistics and Parquet cost milliseconds that the control loop does not have. */
import { parentPort } from 'node:worker_threads'
import { saveTakeFolder } from './save-take.ts'
import type { SaveReply, SaveRequest } from './save-thread.ts'

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
