/** A real camera in the worker: reads the pictures that the page's track delivers and gives each its capture time. */
import type { Fault } from '#core/result.ts'
import type { CameraSource, OnPicture } from './camera-source.ts'
import { FrameTimer } from './frame-time.ts'
import { ownCopy } from './own-copy.ts'
import type { RigClock } from './rig-clock.ts'

export interface DeviceSourceOptions {
  readonly camera: string
  readonly pictures: ReadableStream<VideoFrame>
  readonly clock: RigClock
  readonly onPicture: OnPicture
  readonly onFault: (camera: string, fault: Fault) => void
}

export class DeviceSource implements CameraSource {
  readonly #options: DeviceSourceOptions
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>
  readonly #timer = new FrameTimer()
  #isDisposed = false

  constructor(options: DeviceSourceOptions) {
    this.#options = options
    this.#reader = options.pictures.getReader()
    void this.#read()
  }

  /** A camera has its own pace. */
  setPace(): void {}

  [Symbol.dispose](): void {
    this.#isDisposed = true
    void this.#reader.cancel().catch(() => undefined)
  }

  async #read(): Promise<void> {
    for (;;) {
      const next = await this.#reader.read().catch(() => null)
      if (next === null || next.done) return
      await this.#onFrame(next.value)
    }
  }

  async #onFrame(frame: VideoFrame): Promise<void> {
    const arrival = this.#options.clock.now()
    if (arrival === null) {
      frame.close()
      return
    }
    const time = this.#timer.time(frame.timestamp, arrival)
    const { camera } = this.#options
    const own = await ownCopy(frame).finally(() => frame.close())
    if (own === null) this.#options.onFault(camera, unreadable(camera))
    else if (this.#isDisposed) own.close()
    else this.#options.onPicture(camera, { frame: own, ...time })
  }
}

const unreadable = (camera: string): Fault => ({
  code: 'capture/encoder',
  message: `camera ${camera} sends pictures that the browser cannot read, as depth cameras do`,
  data: { camera },
})
