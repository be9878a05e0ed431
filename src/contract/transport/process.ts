/** The contract over a child process's IPC channel (`serialization: 'advanced'`, so typed arrays survive). Same code at both ends. */
import type { Transport } from '../rpc/transport.ts'
import { Mailbox } from './memory.ts'

/** A `ChildProcess` in the parent, `process` in the child. */
export interface ProcessLike {
  send?(message: unknown, callback?: (error: Error | null) => void): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
  disconnect?(): void
  readonly connected?: boolean
}

export function processTransport(peer: ProcessLike): Transport {
  const box = new Mailbox()
  peer.on('message', (message) => box.deliver(message))
  peer.on('disconnect', () => box.closed())
  // The other end may have died while this process was still loading.
  if (peer.connected === false) box.closed()
  return {
    post: (message) => {
      // A send to a child that just died reports through the callback; the disconnect event tells the rest.
      if (!box.isClosed && peer.connected !== false) peer.send?.(message, () => undefined)
    },
    onMessage: (listener) => box.listen(listener),
    onClose: (listener) => box.onClose(listener),
    close: () => {
      if (!box.isClosed && peer.connected === true) peer.disconnect?.()
      box.closed()
    },
  }
}
