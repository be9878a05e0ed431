/** Writes a `.safetensors` file: eight bytes of length (little-endian), JSON, then the data without gaps. */
import { encodeUtf8 } from '../../onnx/utf8.ts'
import type { CaseTensors } from './named-tensor.ts'

/** The header's length is a multiple of this, so that the data is aligned for every type. */
const alignment = 8

export function encodeSafetensors(tensors: CaseTensors): Uint8Array<ArrayBuffer> {
  let offset = 0
  const entries = [...tensors].map(([name, { type, shape, data }]) => {
    const begin = offset
    offset += data.byteLength
    return [name, { dtype: type, shape, data_offsets: [begin, offset] }] as const
  })
  const json = JSON.stringify(Object.fromEntries(entries))
  const length = encodeUtf8(json).length
  const padded = Math.ceil(length / alignment) * alignment
  const text = encodeUtf8(json + ' '.repeat(padded - length))
  const bytes = new Uint8Array(8 + text.length + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  let at = 8 + text.length
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}
