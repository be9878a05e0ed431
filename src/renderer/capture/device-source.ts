/** A real camera in the worker: reads the pictures that the page's track delivers and gives each its capture time. */
import type { CameraSource, OnPicture } from './camera-source.ts'
import { FrameTimer } from './frame-time.ts'
import type { RigClock } from './rig-clock.ts'

export interface DeviceSourceOptions {
  readonly camera: string
  readonly pictures: ReadableStream<VideoFrame>
  readonly clock: RigClock
  readonly onPicture: OnPicture
}

export class DeviceSource implements CameraSource {
  readonly #options: DeviceSourceOptions
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>
  readonly #timer = new FrameTimer()

  constructor(options: DeviceSourceOptions) {
    this.#options = options
    this.#reader = options.pictures.getReader()
    void this.#read()
  }

  /** A camera has its own pace. */
  setPace(): void {}

  [Symbol.dispose](): void {
    void this.#reader.cancel().catch(() => undefined)
  }

  async #read(): Promise<void> {
    for (;;) {
      const next = await this.#reader.read().catch(() => null)
      if (next === null || next.done) return
      this.#onFrame(next.value)
    }
  }

  #onFrame(frame: VideoFrame): void {
    const arrival = this.#options.clock.now()
    if (arrival === null) {
      frame.close()
      return
    }
    const time = this.#timer.time(frame.timestamp, arrival)
    this.#options.onPicture(this.#options.camera, { frame, ...time })
  }
}
