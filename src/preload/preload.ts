/**
 * The only privileged code in the page's process. It exposes no function at all: it passes one MessagePort to the page for each
 * request of the page, and everything else goes through the contract over that port.
 */
import { ipcRenderer } from 'electron'
import { portChannel, portMessages } from '#contract/page-port.ts'

/** The part of the page's window that is used: the Node side compiles without the DOM. */
interface PageWindow {
  readonly location: { readonly origin: string }
  addEventListener(type: 'message', listener: (event: { source: unknown; data: unknown }) => void): void
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void
}
declare const window: PageWindow

const isRequest = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === portMessages.request

window.addEventListener('message', ({ source, data }) => {
  if (source === window && isRequest(data)) ipcRenderer.send(portChannel)
})
ipcRenderer.on(portChannel, (event) => {
  window.postMessage({ kind: portMessages.port }, window.location.origin, [...event.ports])
})
