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

/** One pass along an axis: `lines` × `to` results, neighbours on the axis `step` bytes apart, lines `stride` bytes apart. */
function pass(
  source: Uint8Array,
  target: Uint8Array,
  taps: readonly Taps[],
  { lines, step, stride, targetStep, targetStride }: PassLayout,
): void {
  const half = 1 << (precisionBits - 1)
  for (let line = 0; line < lines; line++) {
    for (const [index, { first, weights }] of taps.entries()) {
      for (let colour = 0; colour < 3; colour++) {
        let sum = half
        let at = line * stride + first * step + colour
        for (const weight of weights) {
          sum += (source[at] ?? 0) * weight
          at += step
        }
        target[line * targetStride + index * targetStep + colour] = Math.min(255, sum >> precisionBits)
      }
    }
  }
}

interface PassLayout {
  readonly lines: number
  readonly step: number
  readonly stride: number
  readonly targetStep: number
  readonly targetStride: number
}

/** Bilinear, to an exact size. */
export function resizeLikePillow({ width, height, data }: RgbPicture, to: Size): Uint8Array {
  let current = data
  if (to.width !== width) {
    const target = new Uint8Array(3 * to.width * height)
    const across = { step: 3, stride: 3 * width, targetStep: 3, targetStride: 3 * to.width }
    pass(current, target, tapsOf(width, to.width), { lines: height, ...across })
    current = target
  }
  if (to.height !== height) {
    const target = new Uint8Array(3 * to.width * to.height)
    const row = 3 * to.width
    const down = { step: row, stride: 3, targetStep: row, targetStride: 3 }
    pass(current, target, tapsOf(height, to.height), { lines: to.width, ...down })
    current = target
  }
  return current
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
