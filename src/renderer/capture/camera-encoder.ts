/**
 * One camera of one take: pictures in at their own times, exactly one encoded frame per grid index out. Nothing is skipped:
 * while encoder or recorder are behind, frames wait on the grid and come out later as counted repeats.
 */
import type { VideoItem } from '#contract/services/record.ts'
import type { SinkWriter } from '#contract/rpc/types.ts'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import { FaultError, type Fault } from '#core/result.ts'
import type { Picture } from './camera-source.ts'
import { maxLateFrames } from './draw-pacer.ts'
import { GridScheduler, type ScheduledFrame } from './grid-scheduler.ts'
import { countFrame } from './histogram.ts'
import { RollingMean } from './rolling.ts'
import type { TakeStats } from './worker-messages.ts'

export interface CameraEncoderOptions {
  readonly t0Us: number
  readonly fps: number
  readonly keyInterval: number
  /** False for a camera that is drawn at grid times. */
  readonly isFreeRunning: boolean
  readonly config: VideoEncoderConfig
  /** Opens the recorder's sink, once the encoder has told its description. */
  readonly openSink: (description: Uint8Array<ArrayBuffer>, codec: string) => SinkWriter<VideoItem>
  /** Told once; the encoder is closed then. */
  readonly onFault: (fault: Fault) => void
}

/** Frames handed to the encoder but not yet out. More would only hold memory. */
const maxEncoding = 6
/** Encoded frames that the recorder has not acknowledged. */
const maxUnacknowledged = 60
const maxWaitingPictures = 8
/** A picture may come this much after its grid time, in frame periods, before the frame repeats the last one. */
const holdbackFrames = 1.5
/** Pictures that are drawn are waited for as long as they are still drawn. */
const drawnHoldbackFrames = maxLateFrames + 1.5

interface Pending {
  readonly scheduled: Omit<ScheduledFrame<Picture>, 'picture'>
  readonly uncertaintyUs: number
  readonly histogram: Promise<Uint32Array<ArrayBuffer>> | null
}

export class CameraEncoder implements Disposable {
  readonly #options: CameraEncoderOptions
  readonly #scheduler: GridScheduler<Picture>
  readonly #encoder: VideoEncoder
  readonly #pending: Pending[] = []
  readonly #skew = new RollingMean(1_000_000)
  readonly #histogramEvery: number
  #sink: SinkWriter<VideoItem> | null = null
  #unacknowledged = 0
  #writes: Promise<void> = Promise.resolve()
  #isOver = false
  #nowUs = -Infinity

  constructor(options: CameraEncoderOptions) {
    this.#options = options
    this.#scheduler = new GridScheduler(new FrameGrid(options.t0Us, options.fps), {
      holdbackUs: ((options.isFreeRunning ? holdbackFrames : drawnHoldbackFrames) * 1_000_000) / options.fps,
      guardsPhase: options.isFreeRunning,
      maxWaiting: maxWaitingPictures,
      release: (picture) => picture.frame.close(),
    })
    this.#histogramEvery = Math.max(1, Math.round(options.fps / 2))
    this.#encoder = new VideoEncoder({
      output: (chunk, metadata) => this.#onChunk(chunk, metadata),
      error: (error) => this.#fail({ code: 'capture/encoder', message: error.message }),
    })
    this.#encoder.addEventListener('dequeue', () => this.pump(this.#nowUs))
    this.#encoder.configure(options.config)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get stats(): TakeStats {
    return {
      frames: this.#scheduler.nextFrame,
      repeats: this.#scheduler.repeats,
      skewMs: this.#skew.mean === null ? null : this.#skew.mean / 1000,
      encoder: this.#options.config.codec,
      queue: this.#pending.length + this.#unacknowledged,
    }
  }

  /** Takes over a picture. */
  push(picture: Picture): void {
    if (this.#isOver) picture.frame.close()
    else this.#scheduler.push(picture.captureUs, picture)
  }

  /** Encodes every frame that is settled at `nowUs` (rig clock), as far as there is room. */
  pump(nowUs: number): void {
    this.#nowUs = nowUs
    while (!this.#isOver && this.#pending.length < maxEncoding && this.#unacknowledged < maxUnacknowledged) {
      const scheduled = this.#scheduler.take(nowUs)
      if (scheduled === null) return
      this.#encode(scheduled)
    }
  }

  /** Frames from `frames` on are not wanted. Keep pumping until `isComplete`, then `finish`. */
  endAt(frames: number): void {
    this.#scheduler.endAt(frames)
  }

  get isComplete(): boolean {
    return this.#scheduler.isComplete
  }

  /** Empties the encoder and closes the sink. Before `isComplete` it tells the recorder that no more frames will come. */
  async finish(): Promise<void> {
    try {
      if (!this.#isOver) await this.#encoder.flush()
      await this.#writes
      await this.#sink?.close()
    } catch (error) {
      this.#fail(faultOf(error))
    }
    this[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#scheduler[Symbol.dispose]()
    if (this.#encoder.state !== 'closed') this.#encoder.close()
  }

  #encode(scheduled: ScheduledFrame<Picture>): void {
    const { frame, gridUs, captureUs, isRepeat, picture } = scheduled
    const { fps, keyInterval } = this.#options
    this.#skew.add(gridUs, gridUs - captureUs)
    const stamped = new VideoFrame(picture.frame, { timestamp: Math.floor((frame * 1_000_000) / fps) })
    this.#pending.push({
      scheduled: { frame, gridUs, captureUs, isRepeat },
      uncertaintyUs: picture.uncertaintyUs,
      histogram: frame % this.#histogramEvery === 0 ? countFrame(stamped) : null,
    })
    this.#encoder.encode(stamped, { keyFrame: frame % keyInterval === 0 })
    stamped.close()
  }

  /** Without B pictures chunks come in the order of frames, so the oldest pending one is meant. */
  #onChunk(chunk: EncodedVideoChunk, metadata?: EncodedVideoChunkMetadata): void {
    const pending = this.#pending.shift()
    if (pending === undefined || this.#isOver) return
    const description = metadata?.decoderConfig?.description
    if (this.#sink === null) {
      if (description === undefined) {
        this.#fail({ code: 'capture/encoder', message: 'the encoder gave no description of its stream' })
        return
      }
      const codec = metadata?.decoderConfig?.codec ?? this.#options.config.codec
      this.#sink = this.#options.openSink(copyBytes(description), codec)
    }
    const data = new Uint8Array(chunk.byteLength)
    chunk.copyTo(data)
    this.#unacknowledged += 1
    this.#write(this.#sink, pending, data, chunk.type === 'key')
    this.pump(this.#nowUs)
  }

  /** In order, although a histogram may be ready after its frame. Acknowledgements are awaited beside, not between. */
  #write(sink: SinkWriter<VideoItem>, pending: Pending, data: Uint8Array<ArrayBuffer>, isKey: boolean): void {
    const { frame, captureUs, isRepeat } = pending.scheduled
    const fail = (error: unknown): void => this.#fail(faultOf(error))
    const acknowledge = (): void => {
      this.#unacknowledged -= 1
      this.pump(this.#nowUs)
    }
    const { uncertaintyUs } = pending
    this.#writes = this.#writes
      .then(async () => {
        const histogram = await pending.histogram
        const item = { frameIndex: frame, isKey, data, captureUs, uncertaintyUs, isRepeat }
        void sink.write(histogram === null ? item : { ...item, histogram }).then(acknowledge, fail)
      })
      .catch(fail)
  }

  #fail(fault: Fault): void {
    if (this.#isOver) return
    this[Symbol.dispose]()
    this.#options.onFault(fault)
  }
}

const faultOf = (error: unknown): Fault =>
  error instanceof FaultError
    ? error.fault
    : { code: 'capture/encoder', message: error instanceof Error ? error.message : String(error) }

const copyBytes = (source: AllowSharedBufferSource): Uint8Array<ArrayBuffer> =>
  ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice()
