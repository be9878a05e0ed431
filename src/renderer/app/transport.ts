/**
 * How the page and its workers reach main: a WebSocket at the page's own origin in a browser, a MessagePort handed over by
 * the preload in Electron. Nothing above this file knows which one it is.
 */
import { portMessages } from '#contract/page-port.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { webSocketTransport } from '#contract/transport/web-socket.ts'

/** A way to main that can be posted to a worker. */
export type Wire =
  { readonly kind: 'ws'; readonly url: string } | { readonly kind: 'port'; readonly port: MessagePort }

const isKind = (data: unknown, kind: string): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind

/** Asks the preload for a fresh port. Resolves when it arrives; the caller bounds the wait. */
function requestPort(): Promise<MessagePort> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent): void => {
      const port = event.ports[0]
      if (event.source !== window || port === undefined || !isKind(event.data, portMessages.port)) return
      window.removeEventListener('message', onMessage)
      resolve(port)
    }
    window.addEventListener('message', onMessage)
    window.postMessage({ kind: portMessages.request }, window.location.origin)
  })
}

let lastRequest: Promise<unknown> = Promise.resolve()

/** A new way to main for each call. Ports are asked for one after another, so that no two askers get the same one. */
export async function openWire(): Promise<Wire> {
  if (window.location.protocol === 'app:') {
    const port = lastRequest.then(requestPort)
    lastRequest = port
    return { kind: 'port', port: await port }
  }
  const url = new URL('/contract', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return { kind: 'ws', url: url.href }
}

export const transportOver = (wire: Wire): Transport =>
  wire.kind === 'port' ? messagePortTransport(wire.port) : webSocketTransport(new WebSocket(wire.url))
