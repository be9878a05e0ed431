/** What the cameras showed in the last seconds, small enough to keep longer than any prediction takes. */
import { pictureCells, type PictureCells } from '#core/policy/picture-cells.ts'
import { PictureHistory, type SeenPicture } from '#core/policy/picture-history.ts'
import type { ModelPicture } from '#contract/services/pictures.ts'

/** A large model without a graphics card answers after several seconds. */
const keptUs = 15_000_000
const full = 65535

export interface CellsOfPicture {
  readonly cells: PictureCells
  /** Size of the camera's picture before it was fitted. */
  readonly source: { readonly width: number; readonly height: number }
}

export class SeenCells {
  private readonly histories = new Map<string, PictureHistory<CellsOfPicture>>()

  add(picture: ModelPicture): void {
    const { camera, captureUs, uncertaintyUs, sourceWidth, sourceHeight } = picture
    const source = { width: sourceWidth, height: sourceHeight }
    let history = this.histories.get(camera)
    if (history === undefined) {
      history = new PictureHistory(keptUs)
      this.histories.set(camera, history)
    }
    history.add({ captureUs, uncertaintyUs, picture: { cells: pictureCells(picture, source, full), source } })
  }

  /** Newest capture time of a camera; null before its first picture. */
  newestUs(camera: string): number | null {
    return this.histories.get(camera)?.newest?.captureUs ?? null
  }

  /** What was present then. */
  at(camera: string, timeUs: number): SeenPicture<CellsOfPicture> | null {
    return this.histories.get(camera)?.at(timeUs) ?? null
  }

  /** What was taken nearest to then, if that is near enough. */
  near(camera: string, timeUs: number, withinUs: number): SeenPicture<CellsOfPicture> | null {
    const found = this.histories.get(camera)?.nearest(timeUs) ?? null
    return found !== null && Math.abs(found.captureUs - timeUs) <= withinUs ? found : null
  }
}
