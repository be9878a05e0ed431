/**
 * One camera's video of one episode: any frame, drawn on a canvas. Frames are numbered as rows are; frame k is the picture
 * at `fromSeconds + k / fps` of its file. Asking again while a frame is being decoded replaces what was waiting.
 */
import type { EpisodeDetail } from '#contract/services/library.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { FrameCache } from './frame-cache.ts'
import { GroupDecoder } from './group-decoder.ts'
import { LatestJob } from './latest-job.ts'
import type { ByteReader } from './library-source.ts'
import { openVideoFile, readFailure, type OpenFile } from './video-file.ts'

export interface EpisodeVideoOptions {
  readonly client: ByteReader
  readonly dir: string
  readonly video: EpisodeDetail['videos'][number]
  readonly fps: number
}

type Canvas = HTMLCanvasElement | OffscreenCanvas

/** Pictures kept decoded per camera. */
const kept = 24
/** Pictures around the wanted one that are worth keeping when a long group is decoded. */
const keptAround = 8

export class EpisodeVideo implements Disposable {
  readonly #options: EpisodeVideoOptions
  readonly #cache = new FrameCache<ImageBitmap>(kept, (picture) => picture.close())
  readonly #job = new LatestJob((frame: number) => this.#decode(frame))
  #decoder: { readonly file: OpenFile; readonly group: GroupDecoder } | null = null
  #converting: Promise<void>[] = []
  readonly #requests = new WeakMap<Canvas, object>()
  #wanted = 0
  #thumbnails: Promise<void> = Promise.resolve()
  #isDisposed = false

  constructor(options: EpisodeVideoOptions) {
    this.#options = options
  }

  get camera(): string {
    return this.#options.video.camera
  }

  /** Frames by the dataset's account. */
  get frames(): number {
    const { video, fps } = this.#options
    return Math.round((video.toSeconds - video.fromSeconds) * fps)
  }

  /**
   * Draws a frame as large as it is; the canvas takes its size. Ok also when a newer `draw` made this one needless. Fails with
   * the library's fault or `dataset/damaged` when the video has no such frame.
   */
  async draw(frame: number, canvas: Canvas): Promise<Result<void>> {
    const request = {}
    this.#requests.set(canvas, request)
    const found = await this.#find(frame)
    // A newer request for this canvas may have been answered first, from the cache.
    if (this.#requests.get(canvas) !== request) return ok(undefined)
    if (found !== 'superseded' && !found.ok) return found
    // Looked up again at the moment of use: a picture may be given up while a promise settles.
    const picture = this.#cache.get(frame)
    if (found !== 'superseded' && picture !== null) paint(canvas, picture)
    return ok(undefined)
  }

  /** Decodes ahead while nothing else is wanted: the next frames when playing forward, the ones before when going back. */
  prefetch(frame: number, direction: 1 | -1): void {
    for (let step = 1; step <= keptAround; step += 1) {
      const ahead = frame + direction * step
      if (ahead < 0 || ahead >= this.frames || !this.#job.isIdle) return
      if (this.#cache.has(ahead)) continue
      void this.#job.run(ahead)
      return
    }
  }

  /** A small copy for lists; the caller closes it. One after another, so that they do not replace each other. */
  thumbnail(frame: number, width: number): Promise<Result<ImageBitmap>> {
    const made = this.#thumbnails.then(() => this.#thumbnail(frame, width))
    this.#thumbnails = made.then(() => undefined)
    return made
  }

  firstPicture(width: number): Promise<Result<ImageBitmap>> {
    return this.thumbnail(0, width)
  }

  lastPicture(width: number): Promise<Result<ImageBitmap>> {
    return this.thumbnail(this.frames - 1, width)
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#decoder?.group[Symbol.dispose]()
    this.#decoder = null
    this.#cache[Symbol.dispose]()
  }

  async #thumbnail(frame: number, width: number): Promise<Result<ImageBitmap>> {
    while (!this.#isDisposed) {
      const found = await this.#find(frame)
      if (found !== 'superseded' && !found.ok) return found
      const picture = this.#cache.get(frame)
      if (picture !== null)
        return ok(await createImageBitmap(picture, { resizeWidth: width, resizeQuality: 'medium' }))
    }
    return fail('contract/cancelled', 'the video was closed')
  }

  /** Ok when the frame is in the cache. */
  async #find(frame: number): Promise<Result<void> | 'superseded'> {
    if (this.#cache.has(frame)) return ok(undefined)
    if (frame < 0 || frame >= this.frames || !Number.isInteger(frame))
      return fail('dataset/not-found', `${this.camera} has no frame ${frame}`, { frame })
    return this.#job.run(frame)
  }

  async #decode(frame: number): Promise<Result<void>> {
    const { video, fps } = this.#options
    this.#wanted = frame
    if (this.#cache.has(frame)) return ok(undefined)
    const opened = await this.#open()
    if (!opened.ok) return opened
    const seconds = video.fromSeconds + frame / fps
    try {
      // Half a frame on, so that rounding in the file's time scale never gives the frame before.
      const packet = await opened.value.file.packets.getPacket(seconds + 0.5 / fps)
      if (packet === null || Math.abs(packet.timestamp - seconds) > 0.5 / fps)
        return fail('dataset/damaged', `${video.file} has no picture for frame ${frame}`, {
          file: video.file,
          frame,
        })
      await opened.value.group.decode(packet)
      await Promise.all(this.#converting.splice(0))
      return ok(undefined)
    } catch (error) {
      this.#decoder?.group[Symbol.dispose]()
      this.#decoder = null
      return readFailure(error, video.file)
    }
  }

  async #open(): Promise<Result<{ readonly file: OpenFile; readonly group: GroupDecoder }>> {
    if (this.#decoder !== null) return ok(this.#decoder)
    const { client, dir, video } = this.#options
    const file = await openVideoFile(client, { dir, file: video.file, sizeBytes: video.sizeBytes })
    if (!file.ok) return file
    if (this.#isDisposed) return fail('contract/cancelled', 'the video was closed')
    const group = new GroupDecoder(file.value.packets, file.value.decoder, (picture) =>
      this.#converting.push(this.#keep(picture.seconds, picture.frame)),
    )
    this.#decoder = { file: file.value, group }
    return ok(this.#decoder)
  }

  /** Decoders own few pictures: each is copied out at once, and those far from the wanted one are let go. */
  async #keep(seconds: number, picture: VideoFrame): Promise<void> {
    const { video, fps } = this.#options
    const frame = Math.round((seconds - video.fromSeconds) * fps)
    const isWorthIt = Math.abs(frame - this.#wanted) <= keptAround && frame >= 0 && frame < this.frames
    try {
      if (!isWorthIt || this.#isDisposed || this.#cache.has(frame)) return
      const bitmap = await createImageBitmap(picture)
      if (this.#isDisposed) bitmap.close()
      else this.#cache.set(frame, bitmap)
    } finally {
      picture.close()
    }
  }
}

export const createEpisodeVideo = (options: EpisodeVideoOptions): EpisodeVideo => new EpisodeVideo(options)

function paint(canvas: Canvas, picture: ImageBitmap): void {
  if (canvas.width !== picture.width) canvas.width = picture.width
  if (canvas.height !== picture.height) canvas.height = picture.height
  const context = canvas.getContext('2d', { alpha: false })
  if (context instanceof CanvasRenderingContext2D) context.drawImage(picture, 0, 0)
  else if (context instanceof OffscreenCanvasRenderingContext2D) context.drawImage(picture, 0, 0)
}
