/** Starts the thread that ends this process with its parent: the main thread does not hear of it while it computes. */
import { Worker } from 'node:worker_threads'

export function watchParent(): void {
  const worker = new Worker(new URL('./parent-watch-thread.ts', import.meta.url), {
    workerData: { parent: process.ppid, self: process.pid },
  })
  worker.unref()
}
