/**
 * Many channels over one transport: main relays each page's frames to a host on a channel of its own, so that the host
 * knows its peers apart and main never has to understand what it relays.
 */
import { z } from 'zod'
import { Mailbox } from '../transport/memory.ts'
import type { Transport } from './transport.ts'

const muxFrame = z.discriminatedUnion('k', [
  z.object({ k: z.literal('open'), ch: z.string() }),
  z.object({ k: z.literal('msg'), ch: z.string(), v: z.unknown() }),
  z.object({ k: z.literal('close'), ch: z.string() }),
])

type MuxFrame = z.infer<typeof muxFrame>

export interface Mux extends Disposable {
  /** Opens a channel; its name is what the other end sees as the peer. Names must be unique while open. */
  open(channel: string): Transport
}

/** `onChannel` is told of each channel that the other end opens. */
export function createMux(
  transport: Transport,
  onChannel?: (channel: string, transport: Transport) => void,
): Mux {
  const boxes = new Map<string, Mailbox>()
  const post = (frame: MuxFrame): void => transport.post(frame)

  const add = (channel: string): Transport => {
    const box = new Mailbox()
    boxes.set(channel, box)
    return {
      post: (message) => {
        if (!box.isClosed) post({ k: 'msg', ch: channel, v: message })
      },
      onMessage: (listener) => box.listen(listener),
      onClose: (listener) => box.onClose(listener),
      close: () => {
        if (box.isClosed) return
        boxes.delete(channel)
        post({ k: 'close', ch: channel })
        box.closed()
      },
    }
  }

  const closeAll = (): void => {
    for (const box of boxes.values()) box.closed()
    boxes.clear()
  }

  transport.onMessage((raw) => {
    const parsed = muxFrame.safeParse(raw)
    if (!parsed.success) return
    const frame = parsed.data
    switch (frame.k) {
      case 'open':
        if (onChannel === undefined || boxes.has(frame.ch)) post({ k: 'close', ch: frame.ch })
        else onChannel(frame.ch, add(frame.ch))
        return
      case 'msg':
        boxes.get(frame.ch)?.deliver(frame.v)
        return
      case 'close': {
        const box = boxes.get(frame.ch)
        boxes.delete(frame.ch)
        box?.closed()
        return
      }
    }
  })
  transport.onClose(closeAll)

  return {
    open: (channel) => {
      const opened = add(channel)
      post({ k: 'open', ch: channel })
      return opened
    },
    [Symbol.dispose]: () => {
      for (const channel of boxes.keys()) post({ k: 'close', ch: channel })
      closeAll()
    },
  }
}
