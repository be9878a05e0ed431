/**
 * Pictures as openpi's clients send them: scaled to fit, the rest black, byte for byte as `openpi_client.image_tools` does
 * with Pillow. Pillow's bilinear filter widens with the scale, works in 22-bit fixed point and rounds to bytes after the
 * horizontal pass (Pillow, src/libImaging/Resample.c).
 */
import type { RgbPicture } from '../pad-resize.ts'

const precisionBits = 22

interface Taps {
  readonly first: number
  /** Fixed-point weights of the source pixels from `first` on. */
  readonly weights: Int32Array
}

function tapsOf(from: number, to: number): readonly Taps[] {
  const scale = from / to
  const support = Math.max(scale, 1)
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(from, Math.trunc(centre + support + 0.5))
    const weights = Array.from({ length: end - first }, (_, tap) =>
      Math.max(0, 1 - Math.abs((tap + first - centre + 0.5) / support)),
    )
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return {
      first,
      weights: Int32Array.from(weights, (weight) =>
        Math.trunc(0.5 + (weight / total) * (1 << precisionBits)),
      ),
    }
  })
}

const half = 1 << (precisionBits - 1)

/** [height, from, 3] to [height, taps, 3]. */
function resizeAcross(source: Uint8Array, from: number, height: number, taps: readonly Taps[]): Uint8Array {
  const target = new Uint8Array(3 * taps.length * height)
  let out = 0
  for (let row = 0; row < height; row++) {
    for (const { first, weights } of taps) {
      let [red, green, blue] = [half, half, half]
      let at = 3 * (row * from + first)
      for (let tap = 0; tap < weights.length; tap++) {
        const weight = weights[tap] ?? 0
        red += (source[at] ?? 0) * weight
        green += (source[at + 1] ?? 0) * weight
        blue += (source[at + 2] ?? 0) * weight
        at += 3
      }
      target[out] = red >> precisionBits
      target[out + 1] = green >> precisionBits
      target[out + 2] = blue >> precisionBits
      out += 3
    }
  }
  return target
}

/** [from, width, 3] to [taps, width, 3]. */
function resizeDown(source: Uint8Array, width: number, taps: readonly Taps[]): Uint8Array {
  const rowBytes = 3 * width
  const target = new Uint8Array(rowBytes * taps.length)
  const sums = new Int32Array(rowBytes)
  for (const [row, { first, weights }] of taps.entries()) {
    sums.fill(half)
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = weights[tap] ?? 0
      const line = (first + tap) * rowBytes
      for (let at = 0; at < rowBytes; at++) sums[at] = (sums[at] ?? 0) + (source[line + at] ?? 0) * weight
    }
    for (let at = 0; at < rowBytes; at++) target[row * rowBytes + at] = (sums[at] ?? 0) >> precisionBits
  }
  return target
}

/** Bilinear, to an exact size. */
function resizeLikePillow({ width, height, data }: RgbPicture, to: Size): Uint8Array {
  const across = to.width === width ? data : resizeAcross(data, width, height, tapsOf(width, to.width))
  return to.height === height ? across : resizeDown(across, to.width, tapsOf(height, to.height))
}

interface Size {
  readonly width: number
  readonly height: number
}

/** @returns interleaved bytes [side, side, 3]; the picture's own bytes where it has that size already */
export function resizeWithPad(picture: RgbPicture, side: number): Uint8Array {
  const { width, height } = picture
  if (width === side && height === side) return picture.data
  const ratio = Math.max(width / side, height / side)
  const fitted = {
    width: Math.max(1, Math.trunc(width / ratio)),
    height: Math.max(1, Math.trunc(height / ratio)),
  }
  const resized = resizeLikePillow(picture, fitted)
  const padded = new Uint8Array(3 * side * side)
  const left = Math.trunc((side - fitted.width) / 2)
  const top = Math.trunc((side - fitted.height) / 2)
  for (let row = 0; row < fitted.height; row++) {
    const line = resized.subarray(3 * row * fitted.width, 3 * (row + 1) * fitted.width)
    padded.set(line, 3 * ((top + row) * side + left))
  }
  return padded
}
