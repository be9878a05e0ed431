/** 16-bit floats of checkpoints widened to float32, exactly. */
import type { SafetensorsDtype } from './safetensors-dtype.ts'

/** bfloat16 is the upper half of a float32. */
export function widenBfloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const wide = new Uint32Array(bits.length)
  for (let index = 0; index < bits.length; index++) wide[index] = (bits[index] ?? 0) << 16
  return new Float32Array(wide.buffer)
}

/** IEEE half precision, subnormals, infinities and NaN included. */
export function widenFloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const wide = new Float32Array(bits.length)
  for (let index = 0; index < bits.length; index++) {
    const half = bits[index] ?? 0
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) wide[index] = sign * fraction * 2 ** -24
    else if (exponent === 31) wide[index] = fraction === 0 ? sign * Infinity : NaN
    else wide[index] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  }
  return wide
}

/** A number rounded to the nearest bfloat16, ties to even. */
export function roundToBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)
  const raw = bits[0] ?? 0
  bits[0] = (raw + 0x7fff + ((raw >>> 16) & 1)) & 0xffff0000
  return new Float32Array(bits.buffer)[0] ?? Number.NaN
}

/**
 * The bytes of a float tensor (little-endian) as float32, or null for other types. `bytes` may lie at any offset; float32 that
 * fill a buffer of their own are looked at where they are, without a copy.
 */
export function floatsOf(dtype: SafetensorsDtype, bytes: Uint8Array): Float32Array<ArrayBuffer> | null {
  const isOwn = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
  const own = isOwn ? bytes.buffer : new Uint8Array(bytes).buffer
  if (dtype === 'F32') return new Float32Array(own)
  if (dtype === 'BF16') return widenBfloat16(new Uint16Array(own))
  if (dtype === 'F16') return widenFloat16(new Uint16Array(own))
  return dtype === 'F64' ? Float32Array.from(new Float64Array(own)) : null
}
