/**
 * What the loaded policy is shown: the pictures that cameras take anyway, fitted and sent at the pace it asks for. The
 * newest only: while some are on their way, later ones replace each other. Without a demand nothing is done.
 */
import { padResize16, planes16, type RgbPicture } from '#core/policy/pad-resize.ts'
import type { ModelPicture, PictureDemand } from '#contract/services/pictures.ts'
import type { SinkWriter } from '#contract/rpc/types.ts'
import type { Picture } from './camera-source.ts'
import { copyOf } from './camera-track.ts'
import { RollingMean, RollingRate } from './rolling.ts'
import type { PictureStats } from './worker-messages.ts'

export interface PictureFeedOptions {
  readonly follow: (onDemand: (demand: PictureDemand) => void, onEnd: () => void) => Disposable
  readonly openSink: () => SinkWriter<ModelPicture[]>
  /** The rate at which pictures are wanted may have changed. */
  readonly onDemand: () => void
  readonly read: (frame: VideoFrame) => Promise<RgbPicture | null>
}

/** The policy host restarts within about this time. */
const retryMs = 1000
/** A picture is of the next tick when it was taken at least this part of a period after the last one: cameras jitter. */
const nextTick = 0.75
/** Of a period, for the other cameras' pictures of the same tick. */
const togetherWithin = 0.5

export class PictureFeed implements Disposable {
  readonly #options: PictureFeedOptions
  readonly #waiting = new Map<string, Picture>()
  readonly #lastUs = new Map<string, number>()
  readonly #rates = new Map<string, RollingRate>()
  readonly #cost = new RollingMean(1_000_000)
  #demand: PictureDemand = null
  #stream: Disposable | null = null
  #sink: SinkWriter<ModelPicture[]> | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #retry: ReturnType<typeof setTimeout> | null = null
  #isSending = false
  #isDisposed = false

  constructor(options: PictureFeedOptions) {
    this.#options = options
    this.#follow()
  }

  /** Pictures a second that are wanted of each camera; 0 while none are. */
  get fps(): number {
    return this.#demand === null ? 0 : this.#demand.fps / this.#demand.everyTicks
  }

  /** `nowUs`: rig clock. */
  stats(nowUs: number): PictureStats | null {
    if (this.#demand === null) return null
    const fps: Record<string, number | null> = {}
    for (const camera of this.#demand.cameras) {
      const rate = this.#rates.get(camera)
      rate?.forget(nowUs)
      fps[camera] = rate?.perSecond ?? null
    }
    this.#cost.forget(nowUs)
    return { policyId: this.#demand.policyId, fps, costMs: this.#cost.mean }
  }

  /** Looks at a picture, which stays the caller's. */
  offer(camera: string, picture: Picture): void {
    if (this.#demand?.cameras.includes(camera) !== true) return
    const periodUs = 1e6 / this.fps
    if (picture.captureUs < (this.#lastUs.get(camera) ?? -Infinity) + nextTick * periodUs) return
    this.#waiting.get(camera)?.frame.close()
    this.#waiting.set(camera, copyOf(picture))
    this.#send()
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#stream?.[Symbol.dispose]()
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#forget()
  }

  #follow(): void {
    this.#stream = this.#options.follow(
      (demand) => {
        this.#forget()
        this.#demand = demand
        this.#options.onDemand()
      },
      () => {
        this.#forget()
        if (this.#isDisposed) return
        this.#options.onDemand()
        this.#retry = setTimeout(() => this.#follow(), retryMs)
      },
    )
  }

  #forget(): void {
    this.#demand = null
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    for (const picture of this.#waiting.values()) picture.frame.close()
    this.#waiting.clear()
    this.#lastUs.clear()
    this.#rates.clear()
  }

  /** Now when every camera is there, else after a moment with those that are. */
  #send(): void {
    const { fps } = this
    if (this.#isSending || this.#demand === null || this.#waiting.size === 0) return
    if (this.#waiting.size >= this.#demand.cameras.length) void this.#sendNow(this.#demand)
    else
      this.#timer ??= setTimeout(
        () => {
          this.#timer = null
          if (!this.#isSending && this.#demand !== null) void this.#sendNow(this.#demand)
        },
        (1000 * togetherWithin) / fps,
      )
  }

  async #sendNow(demand: NonNullable<PictureDemand>): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const pictures = [...this.#waiting]
    this.#waiting.clear()
    this.#isSending = true
    for (const [camera, { captureUs }] of pictures) this.#lastUs.set(camera, captureUs)
    try {
      const made: ModelPicture[] = []
      for (const [camera, picture] of pictures) {
        const model = await this.#make(camera, picture, demand.side).finally(() => picture.frame.close())
        if (model !== null) made.push(model)
      }
      if (made.length > 0 && this.#demand === demand) {
        this.#sink ??= this.#options.openSink()
        await this.#sink.write(made)
        for (const { camera, captureUs } of made) this.#count(camera, captureUs)
      }
    } catch {
      // The policy host is away: its demand comes anew, and a sink with it.
      this.#sink = null
    }
    this.#isSending = false
    this.#send()
  }

  async #make(camera: string, picture: Picture, side: number | null): Promise<ModelPicture | null> {
    const startMs = performance.now()
    const rgb = await this.#options.read(picture.frame)
    if (rgb === null) return null
    const { captureUs, uncertaintyUs } = picture
    const made = {
      camera,
      captureUs,
      uncertaintyUs,
      width: side ?? rgb.width,
      height: side ?? rgb.height,
      sourceWidth: rgb.width,
      sourceHeight: rgb.height,
      planes: side === null ? planes16(rgb) : padResize16(rgb, side),
    }
    this.#cost.add(captureUs, performance.now() - startMs)
    return made
  }

  #count(camera: string, captureUs: number): void {
    let rate = this.#rates.get(camera)
    if (rate === undefined) {
      rate = new RollingRate(2_000_000)
      this.#rates.set(camera, rate)
    }
    rate.add(captureUs)
  }
}
