/** The contract for a page in a window: it asks over the one IPC channel there is, and gets a MessagePort of its own for each asking. */
import { ipcMain, MessageChannelMain } from 'electron'
import { portChannel } from '#contract/page-port.ts'
import type { Transport } from '#contract/rpc/transport.ts'
import { messagePortTransport } from '#contract/transport/message-port.ts'
import { isTrustedFrame } from './trusted-frame.ts'

/** `onRefused` is told the address of a frame that had no right to ask. */
export function offerPagePorts(onPage: (page: Transport) => void, onRefused: (url: string) => void): void {
  ipcMain.on(portChannel, (event) => {
    const frame = event.senderFrame
    if (frame === null || !isTrustedFrame(frame)) return onRefused(frame?.url ?? 'a frame that is gone')
    const { port1, port2 } = new MessageChannelMain()
    onPage(messagePortTransport(port1))
    frame.postMessage(portChannel, null, [port2])
  })
}
