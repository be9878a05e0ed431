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
const headerBytes = 4

/** Collects pieces until `size` bytes are there, so that a large frame is copied once and not once per piece. */
class Collector {
  #pieces: Uint8Array[] = []
  #length = 0

  push(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  take(size: number): Uint8Array | null {
    if (this.#length < size) return null
    const taken = new Uint8Array(size)
    let filled = 0
    while (filled < size) {
      const piece = this.#pieces[0]
      if (piece === undefined) throw new Error('byte count and pieces disagree')
      const part = piece.subarray(0, size - filled)
      taken.set(part, filled)
      filled += part.length
      if (part.length === piece.length) this.#pieces.shift()
      else this.#pieces[0] = piece.subarray(part.length)
    }
    this.#length -= size
    return taken
  }
}

export function byteStreamTransport(stream: StreamLike): Transport {
  const box = new Mailbox()
  const collector = new Collector()
  let bodyBytes: number | null = null

  const nextFrame = (): Uint8Array | null => {
    if (bodyBytes === null) {
      const header = collector.take(headerBytes)
      if (header === null) return null
      bodyBytes = new DataView(header.buffer).getUint32(0, true)
      if (bodyBytes > maxFrameBytes) throw new Error(`a frame of ${bodyBytes} bytes`)
    }
    const body = collector.take(bodyBytes)
    if (body !== null) bodyBytes = null
    return body
  }

  stream.on('data', (piece) => {
    if (box.isClosed) return
    collector.push(piece)
    for (;;) {
      let message: unknown
      try {
        const frame = nextFrame()
        if (frame === null) return
        message = decodeMessage(frame)
      } catch {
        // Not ours, or damaged: what follows cannot be trusted to be framed.
        stream.destroy()
        box.closed()
        return
      }
      box.deliver(message)
    }
  })
  stream.on('close', () => box.closed())
  stream.on('error', () => box.closed())
  return {
    post: (message) => {
      if (box.isClosed) return
      const body = encodeMessage(message)
      const frame = new Uint8Array(headerBytes + body.length)
      new DataView(frame.buffer).setUint32(0, body.length, true)
      frame.set(body, headerBytes)
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
