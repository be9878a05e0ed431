/** Element types of the safetensors format: how many bits one takes, and what ONNX calls it (null where ONNX has no such type we use). */
import type { ElementType } from './element-type.ts'

interface DtypeSpec {
  readonly bits: number
  readonly onnx: ElementType | null
}

const dtypes = {
  F4: { bits: 4, onnx: null },
  F6_E2M3: { bits: 6, onnx: null },
  F6_E3M2: { bits: 6, onnx: null },
  BOOL: { bits: 8, onnx: 'bool' },
  U8: { bits: 8, onnx: 'uint8' },
  I8: { bits: 8, onnx: 'int8' },
  F8_E5M2: { bits: 8, onnx: null },
  F8_E4M3: { bits: 8, onnx: null },
  F8_E5M2FNUZ: { bits: 8, onnx: null },
  F8_E4M3FNUZ: { bits: 8, onnx: null },
  F8_E8M0: { bits: 8, onnx: null },
  I16: { bits: 16, onnx: 'int16' },
  U16: { bits: 16, onnx: 'uint16' },
  F16: { bits: 16, onnx: 'float16' },
  BF16: { bits: 16, onnx: 'bfloat16' },
  I32: { bits: 32, onnx: 'int32' },
  U32: { bits: 32, onnx: 'uint32' },
  F32: { bits: 32, onnx: 'float32' },
  C64: { bits: 64, onnx: null },
  F64: { bits: 64, onnx: 'float64' },
  I64: { bits: 64, onnx: 'int64' },
  U64: { bits: 64, onnx: 'uint64' },
} as const satisfies Record<string, DtypeSpec>

export type SafetensorsDtype = keyof typeof dtypes

export const isSafetensorsDtype = (name: unknown): name is SafetensorsDtype =>
  typeof name === 'string' && Object.hasOwn(dtypes, name)

export const onnxTypeOf = (dtype: SafetensorsDtype): ElementType | null => dtypes[dtype].onnx

/** Bytes of `count` elements, or null where they do not fill whole bytes. */
export function bytesOf(dtype: SafetensorsDtype, count: number): number | null {
  const bits = dtypes[dtype].bits * count
  return bits % 8 === 0 ? bits / 8 : null
}
