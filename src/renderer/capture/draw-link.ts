/** The capture worker's handle on its drawing worker: one question at a time, each with its answer. */
import type { WorldDescription } from '#contract/services/sim.ts'
import type { Fault } from '#core/result.ts'
import type { DrawnPicture, FromDraw, ToDraw } from './draw-messages.ts'
import type { VirtualCamera } from './virtual-renderer.ts'

/** The part of a Worker that is used. */
export interface DrawWorker {
  postMessage(message: unknown, transfer: Transferable[]): void
  terminate(): void
  addEventListener(type: 'message', listener: (event: MessageEvent<FromDraw>) => void): void
}

const startWorker = (): DrawWorker =>
  new Worker(new URL('./draw.worker.ts', import.meta.url), { type: 'module', name: 'draw' })

export class DrawLink implements Disposable {
  readonly #worker: DrawWorker
  readonly #waiting: ((answer: FromDraw) => void)[] = []
  #isDisposed = false

  constructor(worker: DrawWorker = startWorker()) {
    this.#worker = worker
    worker.addEventListener('message', ({ data }) => {
      const settle = this.#waiting.shift()
      if (settle !== undefined) settle(data)
      // Nobody waits for pictures that arrive after the end.
      else if (data.t === 'drawn') for (const { frame } of data.pictures) frame.close()
    })
  }

  /** Prepares for a world; answers why it cannot be drawn, or null. */
  async setWorld(world: WorldDescription, cameras: readonly VirtualCamera[]): Promise<Fault | null> {
    const answer = await this.#ask({ t: 'world', world, cameras })
    return answer.t === 'world' ? answer.fault : null
  }

  /** Pictures of one pose, in the cameras' order; empty while nothing can be drawn. The receiver closes them. */
  async draw(pose: Float64Array, timestampUs: number): Promise<readonly DrawnPicture[]> {
    const answer = await this.#ask({ t: 'draw', pose, timestampUs })
    return answer.t === 'drawn' ? answer.pictures : []
  }

  /** Questions that wait are answered with nothing. */
  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#worker.terminate()
    for (const settle of this.#waiting.splice(0)) settle({ t: 'drawn', pictures: [] })
  }

  #ask(message: ToDraw): Promise<FromDraw> {
    if (this.#isDisposed) return Promise.resolve({ t: 'drawn', pictures: [] })
    return new Promise((settle) => {
      this.#waiting.push(settle)
      this.#worker.postMessage(message, [])
    })
  }
}
