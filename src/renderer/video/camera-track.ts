/**
 * One camera of one episode: any frame, drawn on a canvas, wherever its pictures come from. Frames are numbered as rows are.
 * Asking again while a frame is being fetched replaces what was waiting.
 */
import { fail, ok, type Result } from '#core/result.ts'
import { FrameCache } from './frame-cache.ts'
import { LatestJob } from './latest-job.ts'

/** Where decoded pictures are put. */
export interface PictureShelf {
  has(frame: number): boolean
  /** Near enough to the frame asked for, and still wanted by somebody. */
  isWorthKeeping(frame: number): boolean
  /** Takes the picture over. */
  put(frame: number, picture: ImageBitmap): void
}

export interface PictureSource extends Disposable {
  /** Puts the frame on the shelf, and perhaps others that came along. Fails with why it cannot be shown. Never rejects. */
  fetch(frame: number, shelf: PictureShelf): Promise<Result<void>>
}

export interface TrackOptions {
  readonly camera: string
  /** By the dataset's account. */
  readonly frames: number
  readonly source: PictureSource
}

type Canvas = HTMLCanvasElement | OffscreenCanvas

/** Pictures kept decoded per camera. */
const kept = 24
/** Pictures around the wanted one that are worth keeping when more come along. */
const keptAround = 8

export class CameraTrack implements Disposable {
  readonly camera: string
  readonly frames: number
  readonly #source: PictureSource
  readonly #cache = new FrameCache<ImageBitmap>(kept, (picture) => picture.close())
  readonly #job = new LatestJob((frame: number) => this.#fetch(frame))
  readonly #requests = new WeakMap<Canvas, object>()
  readonly #shelf: PictureShelf
  #wanted = 0
  #thumbnails: Promise<void> = Promise.resolve()
  #isDisposed = false

  constructor({ camera, frames, source }: TrackOptions) {
    this.camera = camera
    this.frames = frames
    this.#source = source
    this.#shelf = {
      has: (frame) => this.#cache.has(frame),
      isWorthKeeping: (frame) =>
        !this.#isDisposed &&
        Math.abs(frame - this.#wanted) <= keptAround &&
        frame >= 0 &&
        frame < frames &&
        !this.#cache.has(frame),
      put: (frame, picture) => {
        if (this.#isDisposed) picture.close()
        else this.#cache.set(frame, picture)
      },
    }
  }

  /**
   * Draws a frame as large as it is; the canvas takes its size. Ok also when a newer `draw` made this one needless. Fails with
   * the library's fault or `dataset/damaged` when there is no such picture.
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

  /** Fetches ahead while nothing else is wanted: the next frames when playing forward, the ones before when going back. */
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
    this.#source[Symbol.dispose]()
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
    return fail('contract/cancelled', 'the episode was closed')
  }

  /** Ok when the frame is in the cache. */
  async #find(frame: number): Promise<Result<void> | 'superseded'> {
    if (this.#cache.has(frame)) return ok(undefined)
    if (frame < 0 || frame >= this.frames || !Number.isInteger(frame))
      return fail('dataset/not-found', `${this.camera} has no frame ${frame}`, { frame })
    return this.#job.run(frame)
  }

  async #fetch(frame: number): Promise<Result<void>> {
    this.#wanted = frame
    return this.#cache.has(frame) ? ok(undefined) : this.#source.fetch(frame, this.#shelf)
  }
}

function paint(canvas: Canvas, picture: ImageBitmap): void {
  if (canvas.width !== picture.width) canvas.width = picture.width
  if (canvas.height !== picture.height) canvas.height = picture.height
  const context = canvas.getContext('2d', { alpha: false })
  if (context instanceof CanvasRenderingContext2D) context.drawImage(picture, 0, 0)
  else if (context instanceof OffscreenCanvasRenderingContext2D) context.drawImage(picture, 0, 0)
}
