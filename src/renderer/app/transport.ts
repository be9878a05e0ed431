/**
 * How the page reaches main: a WebSocket at its own origin in a browser, a MessagePort handed over by the preload in
 * Electron. Nothing above this file knows which one it is.
 */
import type { Transport } from '#contract/rpc/transport.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'

/** The page asks for a port with `request`; the preload answers with `port` and the MessagePort itself. */
export const portMessages = { request: 'foresight:request-port', port: 'foresight:port' } as const

const isKind = (data: unknown, kind: string): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind

/** Asks the preload for a fresh port. Resolves when it arrives; the caller bounds the wait. */
function requestPort(): Promise<Transport> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent): void => {
      const port = event.ports[0]
      if (event.source !== window || port === undefined || !isKind(event.data, portMessages.port)) return
      window.removeEventListener('message', onMessage)
      resolve(messagePortTransport(port))
    }
    window.addEventListener('message', onMessage)
    window.postMessage({ kind: portMessages.request }, window.location.origin)
  })
}

export function openTransport(): Promise<Transport> {
  if (window.location.protocol === 'app:') return requestPort()
  const url = new URL('/contract', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return Promise.resolve(webSocketTransport(new WebSocket(url)))
}
