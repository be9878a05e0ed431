/** Bytes for transports that carry only bytes: MessagePack, with typed arrays kept as what they are. */
import { decode, encode, ExtensionCodec } from '@msgpack/msgpack'

const typedArrays = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  BigInt64Array,
] as const

const extensions = new ExtensionCodec()
typedArrays.forEach((Kind, index) => {
  extensions.register({
    type: index + 1,
    encode: (value) =>
      value instanceof Kind ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null,
    // A copy, because the payload's offset is rarely aligned for the wider element.
    decode: (bytes) => new Kind(bytes.slice().buffer),
  })
})

export const encodeMessage = (message: unknown): Uint8Array =>
  encode(message, { extensionCodec: extensions, ignoreUndefined: true })

/** Throws on bytes that are not MessagePack. Byte arrays in the result are views of `bytes`, which the caller gives away. */
export function decodeMessage(bytes: Uint8Array): unknown {
  return decode(bytes, { extensionCodec: extensions })
}
