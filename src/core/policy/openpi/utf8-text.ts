/** Text of UTF-8 bytes. The core has no TextDecoder; the MessagePack package reads the bytes as a string of its own. */
import { decode } from '@msgpack/msgpack'

export function decodeUtf8(bytes: Uint8Array): string {
  const message = new Uint8Array(5 + bytes.length)
  const view = new DataView(message.buffer)
  view.setUint8(0, 0xdb)
  view.setUint32(1, bytes.length)
  message.set(bytes, 5)
  const text: unknown = decode(message)
  return typeof text === 'string' ? text : ''
}
