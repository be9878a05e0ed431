/** Pictures between canvases and the contract's interleaved bytes. */
import type { PictureMessage } from '#contract/services/policy.ts'
import { fitInto, type FittedSize } from '#core/policy/pad-resize.ts'

export interface RgbPicture {
  readonly width: number
  readonly height: number
  /** Interleaved red, green, blue. */
  readonly rgb: Uint8Array
}

export function rgbOf(rgba: ArrayLike<number>, pixels: number): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(3 * pixels)
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    rgb[3 * pixel] = rgba[4 * pixel] ?? 0
    rgb[3 * pixel + 1] = rgba[4 * pixel + 1] ?? 0
    rgb[3 * pixel + 2] = rgba[4 * pixel + 2] ?? 0
  }
  return rgb
}

export function rgbaOf({ rgb, width, height }: RgbPicture): Uint8ClampedArray<ArrayBuffer> {
  const pixels = width * height
  const rgba = new Uint8ClampedArray(4 * pixels)
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    rgba[4 * pixel] = rgb[3 * pixel] ?? 0
    rgba[4 * pixel + 1] = rgb[3 * pixel + 1] ?? 0
    rgba[4 * pixel + 2] = rgb[3 * pixel + 2] ?? 0
    rgba[4 * pixel + 3] = 255
  }
  return rgba
}

/**
 * What a canvas or picture shows, at its own size or at `size`. Null where it shows nothing yet or the browser gives no
 * canvas. `timeUs` is NaN: a picture taken here has no capture time.
 */
export function pictureFrom(
  camera: string,
  source: HTMLCanvasElement | OffscreenCanvas | ImageBitmap,
  size?: PictureSize,
): PictureMessage | null {
  const { width, height } = size ?? source
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null || width === 0 || height === 0) return null
  context.drawImage(source, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  return { camera, timeUs: Number.NaN, width, height, rgb: rgbOf(data, width * height) }
}

/** Width and height of a camera's whole picture. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/**
 * The part of a model's square that shows a camera's whole picture: the model saw it padded to a square, so the bars are cut
 * away again and the prediction stands at the crop of the live picture.
 */
export const unpaddedCrop = (side: number, { width, height }: PictureSize): FittedSize =>
  fitInto(side, width, height)
