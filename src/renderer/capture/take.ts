/**
 * One take in this worker: an encoder per ordered camera, ended by the recorder's order or by loss. A camera that cannot go
 * on closes its sink early, which tells the recorder to close the take.
 */
import type { CaptureOrder, VideoItem } from '#contract/services/record.ts'
import type { SinkWriter } from '#contract/rpc/types.ts'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import type { Fault, Result } from '#core/result.ts'
import { CameraEncoder } from './camera-encoder.ts'
import type { Picture } from './camera-source.ts'
import type { PictureFormat } from './encoder-config.ts'
import type { TakeStats } from './worker-messages.ts'

export type StartOrder = Extract<CaptureOrder, { kind: 'start' }>
type Ordered = StartOrder['cameras'][number]

export interface SinkRequest {
  readonly takeId: string
  readonly camera: string
  readonly width: number
  readonly height: number
  readonly description: Uint8Array<ArrayBuffer>
  readonly codec: string
}

export interface TakeOptions {
  readonly openSink: (request: SinkRequest) => SinkWriter<VideoItem>
  /** False for cameras that are drawn at grid times. */
  readonly isFreeRunning: (camera: string) => boolean
  readonly chooseEncoder: (format: PictureFormat) => Promise<Result<VideoEncoderConfig>>
  /** Copies of the last pictures, oldest first; the first frames may need them. */
  readonly recent: (camera: string) => readonly Picture[]
  readonly onFault: (camera: string, fault: Fault) => void
  /** Every camera has delivered its last frame, or failed. */
  readonly onOver: () => void
}

/** Pictures kept while encoders are chosen. The first one stays: frame 0 needs a picture from before it. */
const maxEarly = 12
/** Frame 0 rather waits for its camera than show a picture that is older than this, microseconds. */
const oldestUs = 500_000

/** Time after its end in which a camera without any picture may still give its first, microseconds. */
const giveUpUs = 2_000_000

export class Take implements Disposable {
  readonly order: StartOrder
  readonly grid: FrameGrid
  readonly #options: TakeOptions
  readonly #encoders = new Map<string, CameraEncoder>()
  readonly #early = new Map<string, Picture[]>()
  readonly #finishing = new Set<string>()
  #frames: number | null = null
  #isOver = false
  #wasToldOver = false

  constructor(order: StartOrder, options: TakeOptions) {
    this.order = order
    this.grid = new FrameGrid(order.t0Us, order.fps)
    this.#options = options
    for (const { name } of order.cameras) this.#early.set(name, this.#usable(options.recent(name)))
  }

  /** Chooses encoders; pictures that come meanwhile are kept. */
  async begin(): Promise<void> {
    await Promise.all(
      this.order.cameras.map(async (camera) => {
        const { width, height } = camera
        const config = await this.#options.chooseEncoder({ width, height, fps: this.order.fps })
        if (!this.#isOver) this.#open(camera, config)
      }),
    )
  }

  stats(camera: string): TakeStats | null {
    return this.#encoders.get(camera)?.stats ?? null
  }

  /** Takes over a picture. */
  push(camera: string, picture: Picture): void {
    const encoder = this.#encoders.get(camera)
    if (encoder !== undefined) {
      encoder.push(picture)
      return
    }
    const early = this.#early.get(camera)
    early?.push(picture)
    if (early === undefined) picture.frame.close()
    else if (early.length > maxEarly) early.splice(1, 1)[0]?.frame.close()
  }

  /** Lets encoders work; call on every picture and at least once per frame period. */
  pump(nowUs: number): void {
    for (const [name, encoder] of this.#encoders) {
      if (this.#finishing.has(name)) continue
      encoder.pump(nowUs)
      if (encoder.isComplete || encoder.isOver || this.#isHopeless(encoder, nowUs))
        this.#finish(name, encoder)
    }
  }

  /** Only frames 0…frames−1 are wanted. */
  stop(frames: number): void {
    this.#frames = frames
    for (const encoder of this.#encoders.values()) encoder.endAt(frames)
  }

  /** A camera is gone for good: what it has is delivered, then its sink closes. */
  lose(camera: string): void {
    const encoder = this.#encoders.get(camera)
    if (encoder !== undefined && !this.#finishing.has(camera)) this.#finish(camera, encoder)
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    for (const encoder of this.#encoders.values()) encoder[Symbol.dispose]()
    for (const early of this.#early.values()) for (const picture of early) picture.frame.close()
    this.#encoders.clear()
    this.#early.clear()
  }

  #open(camera: Ordered, config: Result<VideoEncoderConfig>): void {
    const early = this.#early.get(camera.name) ?? []
    this.#early.delete(camera.name)
    if (!config.ok) {
      for (const picture of early) picture.frame.close()
      this.#finishing.add(camera.name)
      this.#options.onFault(camera.name, config.error)
      this.#lookIfOver()
      return
    }
    const { takeId, t0Us, fps, keyInterval } = this.order
    const encoder = new CameraEncoder({
      t0Us,
      fps,
      keyInterval,
      isFreeRunning: this.#options.isFreeRunning(camera.name),
      config: config.value,
      openSink: (description, codec) =>
        this.#options.openSink({
          takeId,
          camera: camera.name,
          width: camera.width,
          height: camera.height,
          description,
          codec,
        }),
      onFault: (fault) => this.#options.onFault(camera.name, fault),
    })
    this.#encoders.set(camera.name, encoder)
    for (const picture of early) {
      encoder.push(picture)
      encoder.pump(picture.captureUs)
    }
    if (this.#frames !== null) encoder.endAt(this.#frames)
  }

  #usable(recent: readonly Picture[]): Picture[] {
    const isOld = (picture: Picture): boolean => picture.captureUs < this.order.t0Us - oldestUs
    for (const picture of recent) if (isOld(picture)) picture.frame.close()
    return recent.filter((picture) => !isOld(picture))
  }

  #finish(name: string, encoder: CameraEncoder): void {
    this.#finishing.add(name)
    void encoder.finish().then(() => this.#lookIfOver())
  }

  #lookIfOver(): void {
    if (this.#isOver || this.#finishing.size < this.order.cameras.length) return
    if (this.#wasToldOver || ![...this.#encoders.values()].every((encoder) => encoder.isOver)) return
    this.#wasToldOver = true
    this.#options.onOver()
  }

  /** The take was stopped a while ago and this camera never gave a picture. */
  #isHopeless(encoder: CameraEncoder, nowUs: number): boolean {
    return (
      this.#frames !== null && encoder.stats.frames === 0 && nowUs > this.grid.timeUs(this.#frames) + giveUpUs
    )
  }
}
