/** Between numpy's arrays as they travel and the numbers, texts and vectors this program counts with. */
import { fail, ok, type Result } from '../../result.ts'
import { parseDtype, type Dtype } from './dtype.ts'
import { decodeUtf8 } from './utf8-text.ts'
import { NdArray, NpScalar, type WireValue } from './wire-value.ts'

export const elementsOf = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1)

type Reader = (view: DataView, at: number, isLittle: boolean) => number

const readers: Readonly<Record<string, Reader>> = {
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  i8: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  u8: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)),
  f2: (view, at, isLittle) => halfToNumber(view.getUint16(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The elements in C order. Integers beyond 2^53 are rounded. Fails with `policy/wrong-shape` for what is no number. */
export function numbersOf(array: NdArray): Result<Float64Array> {
  const dtype = parseDtype(array.dtype)
  const read = dtype === null ? undefined : readers[`${dtype.kind}${dtype.itemBytes}`]
  if (dtype === null || read === undefined)
    return fail('policy/wrong-shape', `an array of ${array.dtype} holds no numbers`, { dtype: array.dtype })
  const view = viewOf(array.data)
  const numbers = new Float64Array(elementsOf(array.shape))
  for (let index = 0; index < numbers.length; index++)
    numbers[index] = read(view, index * dtype.itemBytes, dtype.isLittleEndian)
  return ok(numbers)
}

/**
 * A vector, whatever carries it: an array of any shape, a list of numbers, or one number.
 * Fails with `policy/wrong-shape`, naming `what`.
 */
export function vectorOf(value: WireValue | undefined, what: string): Result<Float32Array> {
  if (value instanceof NdArray) {
    const numbers = numbersOf(value)
    return numbers.ok ? ok(Float32Array.from(numbers.value)) : numbers
  }
  const single = value instanceof NpScalar ? value.value : value
  if (typeof single === 'number') return ok(Float32Array.of(single))
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'number'))
    return ok(Float32Array.from(value))
  return fail('policy/wrong-shape', `${what} is no vector of numbers`, { source: what })
}

/** A text, whatever carries it: a string, UTF-8 bytes, a numpy string; null for anything else. */
export function textOf(value: WireValue | undefined): string | null {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return decodeUtf8(value)
  if (value instanceof NpScalar) return textOf(value.value)
  if (value instanceof NdArray && elementsOf(value.shape) === 1) return textOfArray(value)
  if (Array.isArray(value) && value.length === 1) return textOf(value[0])
  return null
}

function textOfArray({ dtype, data }: NdArray): string | null {
  const parsed = parseDtype(dtype)
  if (parsed?.kind === 'S') return decodeUtf8(data).replace(/\0+$/, '')
  return parsed?.kind === 'U' ? utf32(data, parsed) : null
}

function utf32(data: Uint8Array, { isLittleEndian }: Dtype): string {
  const view = viewOf(data)
  let text = ''
  for (let at = 0; at + 4 <= data.length; at += 4) {
    const point = view.getUint32(at, isLittleEndian)
    if (point === 0 || point > 0x10ffff) break
    text += String.fromCodePoint(point)
  }
  return text
}

const viewOf = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength)

/** `<f4`; `shape` must hold exactly the values given. */
export function float32Array(values: ArrayLike<number>, shape: readonly number[]): NdArray {
  const data = new Uint8Array(4 * values.length)
  const view = viewOf(data)
  for (let index = 0; index < values.length; index++) view.setFloat32(4 * index, values[index] ?? 0, true)
  return new NdArray('<f4', shape, data)
}

/** `<f8`, likewise. */
export function float64Array(values: ArrayLike<number>, shape: readonly number[]): NdArray {
  const data = new Uint8Array(8 * values.length)
  const view = viewOf(data)
  for (let index = 0; index < values.length; index++) view.setFloat64(8 * index, values[index] ?? 0, true)
  return new NdArray('<f8', shape, data)
}

/** `|u1` over the same bytes. */
export const uint8Array = (data: Uint8Array, shape: readonly number[]): NdArray =>
  new NdArray('|u1', shape, data)
