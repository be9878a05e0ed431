/** Reference data of the official PyTorch code (test/fixtures/internvla-a1), and how closely a tensor agrees with it. */
import { readFileSync } from 'node:fs'
import { floatsOf } from '#core/onnx/half-floats.ts'
import {
  parseSafetensorsHeader,
  readHeaderLength,
  type SafetensorsHeader,
} from '#core/onnx/safetensors-header.ts'

export const goldenRoot = new URL('../../../../fixtures/internvla-a1/', import.meta.url)

export interface Golden {
  readonly shape: readonly number[]
  /** Numbers, whatever the stored type; booleans as 0 and 1. */
  readonly data: Float32Array | Int32Array
}

export interface LoadedFile {
  readonly header: SafetensorsHeader
  readonly bytes: Uint8Array
  names(): readonly string[]
  has(name: string): boolean
  get(name: string): Golden
}

function read(bytes: Uint8Array): SafetensorsHeader {
  const length = readHeaderLength(bytes.subarray(0, 8), bytes.length)
  if (!length.ok) throw new Error(length.error.message)
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length.value))
  const header = parseSafetensorsHeader(text, length.value, bytes.length)
  if (!header.ok) throw new Error(header.error.message)
  return header.value
}

/** @param path below the fixtures' folder */
export function loadGolden(path: string): LoadedFile {
  const bytes = new Uint8Array(readFileSync(new URL(path, goldenRoot)))
  const header = read(bytes)
  return {
    header,
    bytes,
    names: () => [...header.tensors.keys()],
    has: (name) => header.tensors.has(name),
    get: (name) => {
      const entry = header.tensors.get(name)
      if (entry === undefined) throw new Error(`no ${name} in ${path}`)
      const raw = bytes.slice(entry.offset, entry.offset + entry.length)
      const data = floatsOf(entry.dtype, raw)
      if (data !== null) return { shape: entry.shape, data }
      if (entry.dtype === 'I64')
        return { shape: entry.shape, data: Int32Array.from(new BigInt64Array(raw.buffer), Number) }
      return { shape: entry.shape, data: Int32Array.from(raw) }
    },
  }
}

/** The largest absolute difference; infinite when the sizes differ or a number is NaN. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let largest = 0
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((actual[index] ?? Number.NaN) - (expected[index] ?? Number.NaN))
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
  }
  return largest
}
