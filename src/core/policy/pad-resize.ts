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

interface Tap {
  readonly lower: number
  readonly upper: number
  readonly share: number
}

/** The two source rows (or columns) of each target one, half-pixel centres, in float32 as the reference has it. */
function tapsOf(from: number, to: number): readonly Tap[] {
  const scale = Math.fround(from / to)
  return Array.from({ length: to }, (_, index) => {
    const source = Math.max(0, Math.fround(Math.fround(scale * Math.fround(index + 0.5)) - 0.5))
    const lower = Math.min(Math.floor(source), from - 1)
    return { lower, upper: Math.min(lower + 1, from - 1), share: source - lower }
  })
}

/** @returns planes red, green, blue [3, side, side], 0…1 */
export function padResize({ width, height, data }: RgbPicture, side: number): Float32Array<ArrayBuffer> {
  const planes = new Float32Array(3 * side * side)
  const fitted = fitInto(side, width, height)
  const rows = tapsOf(height, fitted.height)
  const columns = tapsOf(width, fitted.width)
  for (const [row, y] of rows.entries()) {
    for (const [column, x] of columns.entries()) {
      const at = (fitted.top + row) * side + fitted.left + column
      for (let colour = 0; colour < 3; colour++) {
        const pixel = (r: number, c: number): number => data[(r * width + c) * 3 + colour] ?? 0
        const upper = pixel(y.lower, x.lower) * (1 - x.share) + pixel(y.lower, x.upper) * x.share
        const lower = pixel(y.upper, x.lower) * (1 - x.share) + pixel(y.upper, x.upper) * x.share
        planes[colour * side * side + at] = (upper * (1 - y.share) + lower * y.share) / 255
      }
    }
  }
  return planes
}
