/**
 * Delivery rules of one stream. Latest-wins keeps one item in flight and one waiting, so a slow page never grows a
 * queue; lossless keeps a bounded window and makes the producer wait.
 */
import type { Fault } from '#core/result.ts'
import type { Delivery } from './define.ts'
import type { StreamEmitter } from './types.ts'

const losslessWindow = 32

interface Outlet {
  send(item: unknown): void
  end(fault?: Fault): void
}

export interface ManagedEmitter extends StreamEmitter<unknown> {
  readonly onAck: () => void
  readonly close: () => void
}

export function createEmitter(delivery: Delivery, outlet: Outlet): ManagedEmitter {
  let inFlight = 0
  let waiting: { item: unknown } | null = null
  let isClosed = false
  const room: (() => void)[] = []

  const close = (): void => {
    isClosed = true
    waiting = null
    for (const resume of room.splice(0)) resume()
  }

  const emitLatest = (item: unknown): void => {
    if (inFlight > 0) waiting = { item }
    else {
      inFlight = 1
      outlet.send(item)
    }
  }

  return {
    async emit(item) {
      if (isClosed) return
      if (delivery === 'latest') return emitLatest(item)
      while (inFlight >= losslessWindow) {
        await new Promise<void>((resolve) => room.push(resolve))
        if (isClosed) return
      }
      inFlight += 1
      outlet.send(item)
    },
    end(fault) {
      if (isClosed) return
      // The last state before an end is the one a reader needs most.
      if (waiting !== null) outlet.send(waiting.item)
      close()
      outlet.end(fault)
    },
    onAck() {
      if (isClosed) return
      inFlight = Math.max(0, inFlight - 1)
      if (waiting !== null) {
        const { item } = waiting
        waiting = null
        emitLatest(item)
      }
      room.shift()?.()
    },
    close,
  }
}
