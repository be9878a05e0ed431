/**
 * A camera's picture as red, green and blue, by our own numbers: a policy then sees live what decoding the recorded video
 * would show it, in every browser.
 */
import type { RgbPicture } from '#core/policy/pad-resize.ts'

export type PlanarFormat = 'I420' | 'I422' | 'I444' | 'NV12'

export interface PlanarPicture {
  readonly format: PlanarFormat
  readonly width: number
  readonly height: number
  /** Limited range, as everything the capture worker keeps. */
  readonly data: Uint8Array
  /** Offset and bytes per row of Y, U, V; of Y and UV for NV12. */
  readonly planes: readonly { readonly offset: number; readonly stride: number }[]
  readonly matrix: 'bt601' | 'bt709'
}

/** From Y − 16, U − 128, V − 128 to 0…255 (ITU-R BT.601 and BT.709, limited range). */
const factors = {
  bt601: { luma: 255 / 219, redV: 1.596027, greenU: -0.391762, greenV: -0.812968, blueU: 2.017232 },
  bt709: { luma: 255 / 219, redV: 1.792741, greenU: -0.213249, greenV: -0.532909, blueU: 2.112402 },
} as const

export function yuvToRgb({ format, width, height, data, planes, matrix }: PlanarPicture): RgbPicture {
  const { luma, redV, greenU, greenV, blueU } = factors[matrix]
  // Rounds and clamps as it stores.
  const rgb = new Uint8ClampedArray(3 * width * height)
  const [y, u, v] = planes
  const isPair = format === 'NV12'
  const acrossShift = format === 'I444' ? 0 : 1
  const downShift = format === 'I420' || isPair ? 1 : 0
  const step = isPair ? 2 : 1
  for (let row = 0; row < height; row += 1) {
    const yRow = (y?.offset ?? 0) + row * (y?.stride ?? width)
    const chromaRow = row >> downShift
    const uRow = (u?.offset ?? 0) + chromaRow * (u?.stride ?? 0)
    const vRow = isPair ? uRow + 1 : (v?.offset ?? 0) + chromaRow * (v?.stride ?? 0)
    let out = 3 * row * width
    for (let column = 0; column < width; column += 1) {
      const at = (column >> acrossShift) * step
      const l = luma * ((data[yRow + column] as number) - 16)
      const cu = (data[uRow + at] as number) - 128
      const cv = (data[vRow + at] as number) - 128
      rgb[out] = l + redV * cv
      rgb[out + 1] = l + greenU * cu + greenV * cv
      rgb[out + 2] = l + blueU * cu
      out += 3
    }
  }
  return { width, height, data: new Uint8Array(rgb.buffer) }
}
