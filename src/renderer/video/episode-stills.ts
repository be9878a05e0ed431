/** The pictures of one camera that lie in the rows themselves, a PNG or JPEG each (LeRobot's dtype `image`). */
import type { EpisodeDetail } from '#contract/services/library.ts'
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import { CameraTrack, type PictureShelf, type PictureSource } from './camera-track.ts'
import type { PictureReader } from './library-source.ts'

export interface EpisodeStillsOptions {
  readonly client: PictureReader
  readonly dir: string
  readonly episodeIndex: number
  readonly still: EpisodeDetail['stills'][number]
}

class StillPictures implements PictureSource {
  readonly #options: EpisodeStillsOptions

  constructor(options: EpisodeStillsOptions) {
    this.#options = options
  }

  async fetch(frame: number, shelf: PictureShelf): Promise<Result<void>> {
    const { client, dir, episodeIndex, still } = this.#options
    const { camera } = still
    let bytes: Uint8Array<ArrayBuffer>
    try {
      bytes = await client.readPicture({ dir, episodeIndex, camera, frame })
    } catch (error) {
      if (error instanceof FaultError) return { ok: false, error: error.fault }
      return fail('dataset/io', error instanceof Error ? error.message : String(error), { camera })
    }
    try {
      shelf.put(frame, await createImageBitmap(new Blob([bytes])))
      return ok(undefined)
    } catch {
      return fail('dataset/damaged', `the picture of ${camera} in frame ${frame} cannot be decoded`, {
        camera,
        frame,
      })
    }
  }

  [Symbol.dispose](): void {
    // Nothing is held between two pictures.
  }
}

export const createEpisodeStills = (options: EpisodeStillsOptions): CameraTrack =>
  new CameraTrack({
    camera: options.still.camera,
    frames: options.still.frames,
    source: new StillPictures(options),
  })
