/** The contract over a WebSocket: the browser's own and the `ws` package's share this surface. */
import type { Transport } from '../rpc/transport.ts'
import { decodeMessage, encodeMessage } from './codec.ts'
import { Mailbox } from './memory.ts'

export interface SocketLike {
  binaryType: string
  readonly readyState: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
}

const openState = 1

export function webSocketTransport(socket: SocketLike): Transport {
  const box = new Mailbox()
  const waiting: Uint8Array<ArrayBuffer>[] = []
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', (event) => {
    if (!(event.data instanceof ArrayBuffer)) return
    let message: unknown
    try {
      message = decodeMessage(new Uint8Array(event.data))
    } catch {
      // Not ours: a peer that sends anything else is cut off rather than guessed at.
      socket.close()
      return
    }
    box.deliver(message)
  })
  socket.addEventListener('open', () => {
    for (const bytes of waiting.splice(0)) socket.send(bytes)
  })
  socket.addEventListener('close', () => box.closed())
  socket.addEventListener('error', () => box.closed())
  return {
    post: (message) => {
      if (box.isClosed) return
      const bytes = encodeMessage(message) as Uint8Array<ArrayBuffer>
      if (socket.readyState === openState) socket.send(bytes)
      else if (socket.readyState === 0) waiting.push(bytes)
    },
    onMessage: (listener) => box.listen(listener),
    onClose: (listener) => box.onClose(listener),
    close: () => {
      socket.close()
      box.closed()
    },
  }
}
