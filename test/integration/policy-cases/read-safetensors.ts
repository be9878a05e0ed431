/** All tensors of a small safetensors file in memory. */
import { readFileSync } from 'node:fs'
import { floatsOf } from '#core/onnx/half-floats.ts'
import { parseSafetensorsHeader, readHeaderLength } from '#core/onnx/safetensors-header.ts'
import { unwrap } from '#core/result.ts'

export interface ReadTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array | Uint8Array
}

export function readSafetensors(path: string): ReadonlyMap<string, ReadTensor> {
  const bytes = new Uint8Array(readFileSync(path))
  const length = unwrap(readHeaderLength(bytes.subarray(0, 8), bytes.length))
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length))
  const { tensors } = unwrap(parseSafetensorsHeader(text, length, bytes.length))
  return new Map(
    [...tensors].map(([name, { dtype, shape, offset, length: size }]) => {
      const raw = bytes.slice(offset, offset + size)
      const data = floatsOf(dtype, raw) ?? (dtype === 'I64' ? new BigInt64Array(raw.buffer) : raw)
      return [name, { shape, data }] as const
    }),
  )
}
