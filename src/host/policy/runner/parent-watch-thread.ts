/** Thread of a runner: looks whether the process that started it is still there, and ends the runner when it is not. */
import { workerData } from 'node:worker_threads'

const lookEveryMs = 500

const { parent, self } = workerData as { parent: number; self: number }

/** Elsewhere than on Windows an orphan gets another parent; there its parent's number is gone. */
function isOrphan(): boolean {
  if (process.platform !== 'win32') return process.ppid !== parent
  try {
    process.kill(parent, 0)
    return false
  } catch {
    return true
  }
}

setInterval(() => {
  if (isOrphan()) process.kill(self, 'SIGKILL')
}, lookEveryMs)
