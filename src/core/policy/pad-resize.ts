/**
 * Pictures as policies take them: scaled to fit a square without changing the aspect, bilinear without antialiasing, the
 * rest padded with zeros (spec/internvla-a1.md §1.1). The same code runs in the capture worker and on files.
 */

export interface RgbPicture {
  readonly width: number
  readonly height: number
  /** Interleaved red, green, blue, 0…255. */
  readonly data: Uint8Array
}

export interface FittedSize {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
}

/** Python's rounding, which the reference uses: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Where a picture of `width` × `height` comes to lie in a square of `side`. */
export function fitInto(side: number, width: number, height: number): FittedSize {
  const scale = Math.min(side / height, side / width)
  const fitted = { width: roundHalfEven(width * scale), height: roundHalfEven(height * scale) }
  return {
    ...fitted,
    left: Math.floor((side - fitted.width) / 2),
    top: Math.floor((side - fitted.height) / 2),
  }
}

/** Whether anything is left of the picture in the square: one that is empty, or a line of hundreds to one, has no pixel there. */
export function fits(side: number, width: number, height: number): boolean {
  if (!(width > 0 && height > 0)) return false
  const fitted = fitInto(side, width, height)
  return fitted.width > 0 && fitted.height > 0
}

/** The two source rows (or columns) of each target one and the share of the second. */
interface Taps {
  readonly lower: Int32Array
  readonly upper: Int32Array
  readonly share: Float64Array
}

/**
 * Half-pixel centres, in float32 as the reference has them: its product and difference are rounded once, together.
 * `stride` turns indices into positions.
 */
function tapsOf(from: number, to: number, stride: number): Taps {
  const taps = { lower: new Int32Array(to), upper: new Int32Array(to), share: new Float64Array(to) }
  const scale = Math.fround(from / to)
  for (let index = 0; index < to; index++) {
    const source = Math.max(0, Math.fround(scale * (index + 0.5) - 0.5))
    const lower = Math.min(Math.floor(source), from - 1)
    taps.lower[index] = lower * stride
    taps.upper[index] = Math.min(lower + 1, from - 1) * stride
    taps.share[index] = source - lower
  }
  return taps
}

/**
 * Goes through the fitted picture, colour by colour within a pixel.
 * @param put takes the position in planes [3, side, side] and the value 0…255 there; what it is not told of is padding
 */
function resample(
  { width, height, data }: RgbPicture,
  side: number,
  put: (at: number, value: number) => void,
): void {
  const fitted = fitInto(side, width, height)
  const rows = tapsOf(height, fitted.height, 3 * width)
  const columns = tapsOf(width, fitted.width, 3)
  for (let row = 0; row < fitted.height; row++) {
    const [top = 0, bottom = 0, down = 0] = [rows.lower[row], rows.upper[row], rows.share[row]]
    for (let column = 0; column < fitted.width; column++) {
      const left = columns.lower[column] ?? 0
      const right = columns.upper[column] ?? 0
      const across = columns.share[column] ?? 0
      const at = (fitted.top + row) * side + fitted.left + column
      for (let colour = 0; colour < 3; colour++) {
        const a = data[top + left + colour] ?? 0
        const b = data[top + right + colour] ?? 0
        const c = data[bottom + left + colour] ?? 0
        const d = data[bottom + right + colour] ?? 0
        const upper = a * (1 - across) + b * across
        const lower = c * (1 - across) + d * across
        put(colour * side * side + at, upper * (1 - down) + lower * down)
      }
    }
  }
}

/** @returns planes red, green, blue [3, side, side], 0…1 */
export function padResize(picture: RgbPicture, side: number): Float32Array<ArrayBuffer> {
  const planes = new Float32Array(3 * side * side)
  resample(picture, side, (at, value) => {
    planes[at] = value / 255
  })
  return planes
}

/** The same in half the bytes, for the way between processes: 0…65535 for 0…1, at most 1/131070 away from it. */
export function padResize16(picture: RgbPicture, side: number): Uint16Array<ArrayBuffer> {
  const planes = new Uint16Array(3 * side * side)
  resample(picture, side, (at, value) => {
    // 65535 / 255; the conversion cuts off, so that half is added first.
    planes[at] = value * 257 + 0.5
  })
  return planes
}

/** Interleaved bytes of a picture that keeps its size as planes [3, height, width], 0…65535. */
export function planes16({ width, height, data }: RgbPicture): Uint16Array<ArrayBuffer> {
  const pixels = width * height
  const planes = new Uint16Array(3 * pixels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++)
      planes[colour * pixels + pixel] = 257 * (data[3 * pixel + colour] ?? 0)
  }
  return planes
}
