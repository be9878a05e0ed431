/** The pictures of one camera from its video: frame k is the picture at `fromSeconds + k / fps` of its file. */
import type { EpisodeDetail } from '#contract/services/library.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { CameraTrack, type PictureShelf, type PictureSource } from './camera-track.ts'
import { GroupDecoder } from './group-decoder.ts'
import type { ByteReader } from './library-source.ts'
import { openVideoFile, readFailure, type OpenFile } from './video-file.ts'

export interface EpisodeVideoOptions {
  readonly client: ByteReader
  readonly dir: string
  readonly video: EpisodeDetail['videos'][number]
  readonly fps: number
}

class VideoPictures implements PictureSource {
  readonly #options: EpisodeVideoOptions
  #decoder: { readonly file: OpenFile; readonly group: GroupDecoder } | null = null
  #shelf: PictureShelf | null = null
  #converting: Promise<void>[] = []
  #isDisposed = false

  constructor(options: EpisodeVideoOptions) {
    this.#options = options
  }

  async fetch(frame: number, shelf: PictureShelf): Promise<Result<void>> {
    const { video, fps } = this.#options
    this.#shelf = shelf
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

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#decoder?.group[Symbol.dispose]()
    this.#decoder = null
  }

  async #open(): Promise<Result<{ readonly file: OpenFile; readonly group: GroupDecoder }>> {
    if (this.#decoder !== null) return ok(this.#decoder)
    const { client, dir, video } = this.#options
    if (video.sizeBytes === null)
      return fail('dataset/damaged', `${video.file} is missing`, { file: video.file })
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
    try {
      if (this.#shelf?.isWorthKeeping(frame) === true)
        this.#shelf.put(frame, await createImageBitmap(picture))
    } finally {
      picture.close()
    }
  }
}

export function createEpisodeVideo(options: EpisodeVideoOptions): CameraTrack {
  const { video, fps } = options
  return new CameraTrack({
    camera: video.camera,
    frames: Math.round((video.toSeconds - video.fromSeconds) * fps),
    source: new VideoPictures(options),
  })
}
