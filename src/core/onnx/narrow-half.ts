/** float32 to IEEE half precision for weight files: nearest even; what half cannot hold is saturated and counted. */

export interface NarrowCounts {
  /** Beyond ±65504, set to it. */
  saturated: number
  /** Too small for a normal half and not zero: set to zero, as GPUs treat such numbers anyway. */
  flushed: number
}

const largest = 65504
const smallestNormal = 2 ** -14

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** Bits of the nearest half float, ties to even. NaN stays NaN. */
export function halfBits(value: number, counts: NarrowCounts): number {
  float[0] = value
  const raw = bits[0] ?? 0
  const sign = (raw >>> 16) & 0x8000
  const magnitude = raw & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  const size = Math.abs(value)
  if (size > largest) {
    counts.saturated++
    return sign | 0x7bff
  }
  if (size < smallestNormal) {
    if (size !== 0) counts.flushed++
    return sign
  }
  // Re-bias the exponent by 127 − 15, then round the 13 bits that go away to nearest even.
  const shifted = magnitude - (112 << 23)
  const half = (shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13
  return sign | Math.min(half, 0x7bff)
}

export function narrowToHalf(values: Float32Array, counts: NarrowCounts): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(values.length)
  for (let index = 0; index < values.length; index++) out[index] = halfBits(values[index] ?? 0, counts)
  return out
}

/** Half floats of all 65,536 bfloat16 numbers, and what each counts as: 1 saturated, 2 flushed. */
interface HalfTable {
  readonly halves: Uint16Array
  readonly kinds: Uint8Array
}

let table: HalfTable | null = null

function halfTable(): HalfTable {
  if (table !== null) return table
  const halves = new Uint16Array(65_536)
  const kinds = new Uint8Array(65_536)
  const one = new Float32Array(1)
  const raw = new Uint32Array(one.buffer)
  for (let index = 0; index < 65_536; index++) {
    raw[0] = index << 16
    const counts = { saturated: 0, flushed: 0 }
    halves[index] = halfBits(one[0] ?? 0, counts)
    kinds[index] = counts.saturated + 2 * counts.flushed
  }
  table = { halves, kinds }
  return table
}

/** As `narrowToHalf` of the widened numbers, several times as fast: billions of them are the matrices of a checkpoint. */
export function narrowBfloat16(values: Uint16Array, counts: NarrowCounts): Uint16Array<ArrayBuffer> {
  const { halves, kinds } = halfTable()
  const out = new Uint16Array(values.length)
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    out[index] = halves[value] ?? 0
    const kind = kinds[value]
    if (kind === 0) continue
    if (kind === 1) counts.saturated++
    else counts.flushed++
  }
  return out
}
