/** Decoded pictures of an episode for a policy: own decoders, so that playing goes on undisturbed. */
import type { EpisodeDetail } from '#contract/services/library.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { pictureFrom, type PictureSize } from '../../../foresight/rgb-picture.ts'
import type { CameraTrack } from '../../../video/camera-track.ts'
import { episodeTracks, type TrackClient } from '../../../video/episode-tracks.ts'
import type { PictureReader } from './open-loop-run.ts'

export class EpisodePictures implements Disposable {
  readonly #videos: readonly CameraTrack[]

  constructor(detail: EpisodeDetail, dir: string, client: TrackClient) {
    this.#videos = episodeTracks(detail, dir, client)
  }

  /** Sizes of the cameras, from their first pictures. Fails as decoding does. */
  async sizes(): Promise<Result<readonly (PictureSize & { readonly name: string })[]>> {
    const sizes: (PictureSize & { readonly name: string })[] = []
    for (const video of this.#videos) {
      const canvas = new OffscreenCanvas(1, 1)
      const drawn = await video.draw(0, canvas)
      if (!drawn.ok) return drawn
      sizes.push({ name: video.camera, width: canvas.width, height: canvas.height })
    }
    return ok(sizes)
  }

  readonly read: PictureReader = async (camera, slot, frame, size) => {
    const video = this.#videos.find((candidate) => candidate.camera === camera)
    if (video === undefined)
      return fail('dataset/not-found', `the episode has no camera ${camera}`, { camera })
    const canvas = new OffscreenCanvas(1, 1)
    const drawn = await video.draw(Math.min(frame, video.frames - 1), canvas)
    if (!drawn.ok) return drawn
    const picture = pictureFrom(slot, canvas, size)
    return picture === null
      ? fail('capture/lost', 'the browser gives no canvas to read pictures from', { camera })
      : ok(picture)
  };

  [Symbol.dispose](): void {
    for (const video of this.#videos) video[Symbol.dispose]()
  }
}
