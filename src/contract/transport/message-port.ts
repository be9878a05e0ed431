/** The contract over a MessagePort: web, `node:worker_threads` and Electron's MessagePortMain differ only in how they listen. */
import type { Transport } from '../rpc/transport.ts'
import { Mailbox } from './memory.ts'

/** The part of the three MessagePort kinds that is used. `closeMessage` stands in where a web port has no close event. */
export interface PortLike {
  postMessage(message: unknown): void
  close(): void
  start?(): void
  addEventListener?(type: 'message' | 'close', listener: (event: object) => void): void
  on?(type: 'message' | 'close', listener: (value: unknown) => void): unknown
}

const closeMessage = '\u0000foresight:close'

export function messagePortTransport(port: PortLike): Transport {
  const box = new Mailbox()
  const receive = (data: unknown): void => {
    if (data === closeMessage) {
      box.closed()
      port.close()
    } else box.deliver(data)
  }
  if (port.addEventListener !== undefined) {
    port.addEventListener('message', (event) => receive('data' in event ? event.data : null))
    port.addEventListener('close', () => box.closed())
  } else {
    // worker_threads hands over the value itself, Electron wraps it in an event.
    port.on?.('message', (value) =>
      receive(
        typeof value === 'object' && value !== null && 'data' in value && 'ports' in value
          ? value.data
          : value,
      ),
    )
    port.on?.('close', () => box.closed())
  }
  port.start?.()
  return {
    post: (message) => {
      if (!box.isClosed) port.postMessage(message)
    },
    onMessage: (listener) => box.listen(listener),
    onClose: (listener) => box.onClose(listener),
    close: () => {
      if (box.isClosed) return
      port.postMessage(closeMessage)
      box.closed()
      port.close()
    },
  }
}
