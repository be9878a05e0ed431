/**
 * Rotary position tables: cosine and sine of position × frequency, half a head wide (the other half repeats them).
 * Angles are formed in float32, as the official code forms them.
 */
import { roundToBfloat16 } from '../../onnx/half-floats.ts'

export interface RopeTable {
  /** [tokens, half] */
  readonly cos: Float32Array<ArrayBuffer>
  readonly sin: Float32Array<ArrayBuffer>
  readonly tokens: number
  readonly half: number
}

/** ω_k = theta^(−2k / width) for k < width / 2, in float32; `isRounded` when the checkpoint was trained with bfloat16 buffers (spec §1.6). */
export function ropeFrequencies(theta: number, width: number, isRounded: boolean): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: width / 2 }, (_, k) => {
    const exponent = Math.fround(Math.fround(2 * k) / width)
    const frequency = Math.fround(1 / Math.fround(theta ** exponent))
    return isRounded ? roundToBfloat16(frequency) : frequency
  })
}

/** Which axis (0 time, 1 height, 2 width) each frequency turns with: interleaved, the rest is time (spec §1.6). */
export function mropeAxes(
  [, heights, widths]: readonly [number, number, number],
  half: number,
): readonly number[] {
  return Array.from({ length: half }, (_, k) => {
    if (k % 3 === 1 && k < 3 * heights) return 1
    return k % 3 === 2 && k < 3 * widths ? 2 : 0
  })
}

const tableOf = (angles: Float32Array, tokens: number, half: number): RopeTable => ({
  cos: Float32Array.from(angles, Math.cos),
  sin: Float32Array.from(angles, Math.sin),
  tokens,
  half,
})

/** @param positions [3, tokens] */
export function mropeTable(
  positions: Int32Array,
  axes: readonly number[],
  frequencies: Float32Array,
): RopeTable {
  const tokens = positions.length / 3
  const half = frequencies.length
  const angles = new Float32Array(tokens * half)
  for (let token = 0; token < tokens; token++) {
    for (let k = 0; k < half; k++) {
      angles[token * half + k] = (positions[(axes[k] ?? 0) * tokens + token] ?? 0) * (frequencies[k] ?? 0)
    }
  }
  return tableOf(angles, tokens, half)
}

/** One position a token. */
export function ropeTable(positions: Int32Array, frequencies: Float32Array): RopeTable {
  const half = frequencies.length
  const angles = new Float32Array(positions.length * half)
  positions.forEach((position, token) => {
    for (let k = 0; k < half; k++) angles[token * half + k] = position * (frequencies[k] ?? 0)
  })
  return tableOf(angles, positions.length, half)
}
