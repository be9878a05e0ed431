/** The saving thread seen from the rig host: one request at a time or many, each answered once, even when the thread dies. */
import { Worker } from 'node:worker_threads'
import type { Outcome } from '#core/dataset/evidence.ts'
import type { Result } from '#core/result.ts'
import type { AppendedEpisode } from '../../shared/dataset/append-episode.ts'

export interface SaveRequest {
  readonly id: number
  readonly folder: string
  readonly outcome: Outcome
}

export interface SaveReply {
  readonly id: number
  readonly result: Result<AppendedEpisode>
}

export type SaveTake = (folder: string, outcome: Outcome) => Promise<Result<AppendedEpisode>>

export class SaveThread implements AsyncDisposable {
  #worker: Worker | null = null
  #nextId = 0
  readonly #waiting = new Map<number, (result: Result<AppendedEpisode>) => void>()

  /** Starts the thread ahead of the first save. */
  warm(): void {
    this.#start()
  }

  readonly save: SaveTake = async (folder, outcome) => {
    const worker = this.#start()
    const id = this.#nextId++
    return await new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      worker.ref()
      worker.postMessage({ id, folder, outcome } satisfies SaveRequest, [])
    })
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker
    const worker = new Worker(new URL('./save-worker.ts', import.meta.url))
    worker.on('message', ({ id, result }: SaveReply) => {
      this.#waiting.get(id)?.(result)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) worker.unref()
    })
    const gone = (reason: string) => (): void => {
      if (this.#worker !== worker) return
      this.#worker = null
      for (const resolve of this.#waiting.values())
        resolve({ ok: false, error: { code: 'record/io', message: `the saving thread ended: ${reason}` } })
      this.#waiting.clear()
    }
    worker.on('error', (error) => gone(String(error))())
    worker.on('exit', (code) => gone(`exit ${code}`)())
    worker.unref()
    this.#worker = worker
    return worker
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate()
  }
}
