/** The contract over a byte stream (unix socket, named pipe, TCP): u32 little-endian length, then one encoded message. */
import type { Transport } from '../rpc/transport.ts'
import { decodeMessage, encodeMessage } from './codec.ts'
import { Mailbox } from './memory.ts'

/** The part of `net.Socket` that is used. */
export interface StreamLike {
  write(bytes: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown
  on(event: 'close' | 'error', listener: () => void): unknown
}

/** A frame larger than this is a broken peer, not a message. */
const maxFrameBytes = 64 * 1024 * 1024

export function byteStreamTransport(stream: StreamLike): Transport {
  const box = new Mailbox()
  let buffered = new Uint8Array(0)

  const take = (bytes: Uint8Array): void => {
    const joined = new Uint8Array(buffered.length + bytes.length)
    joined.set(buffered)
    joined.set(bytes, buffered.length)
    let offset = 0
    const view = new DataView(joined.buffer)
    while (joined.length - offset >= 4) {
      const length = view.getUint32(offset, true)
      if (length > maxFrameBytes) {
        stream.destroy()
        return
      }
      if (joined.length - offset - 4 < length) break
      const frame = joined.slice(offset + 4, offset + 4 + length)
      offset += 4 + length
      try {
        box.deliver(decodeMessage(frame))
      } catch {
        stream.destroy()
        return
      }
    }
    buffered = joined.slice(offset)
  }

  stream.on('data', take)
  stream.on('close', () => box.closed())
  stream.on('error', () => box.closed())
  return {
    post: (message) => {
      if (box.isClosed) return
      const body = encodeMessage(message)
      const frame = new Uint8Array(4 + body.length)
      new DataView(frame.buffer).setUint32(0, body.length, true)
      frame.set(body, 4)
      stream.write(frame)
    },
    onMessage: (listener) => box.listen(listener),
    onClose: (listener) => box.onClose(listener),
    close: () => {
      stream.end()
      box.closed()
    },
  }
}
