/** Listeners of a byte channel: data to all, the end once, silence after disposal. */
import type { Fault } from '#core/result.ts'
import type { ByteChannel } from './byte-channel.ts'

export interface ChannelEvents extends Pick<ByteChannel, 'onData' | 'onClose'>, Disposable {
  /** True after `close` or disposal. */
  readonly isClosed: boolean
  data(bytes: Uint8Array, timeUs: number): void
  /** The first call tells the listeners, present and future; later ones do nothing. */
  close(fault: Fault): void
  dispose(): void
}

export function createChannelEvents(): ChannelEvents {
  const dataListeners = new Set<(bytes: Uint8Array, timeUs: number) => void>()
  const closeListeners = new Set<(fault: Fault) => void>()
  let end: Fault | 'disposed' | null = null
  const dispose = (): void => {
    end ??= 'disposed'
    dataListeners.clear()
    closeListeners.clear()
  }
  return {
    get isClosed() {
      return end !== null
    },
    data: (bytes, timeUs) => {
      for (const listener of dataListeners) listener(bytes, timeUs)
    },
    close: (fault) => {
      if (end !== null) return
      end = fault
      dataListeners.clear()
      // A listener may dispose the channel, and the others still have to hear of the end.
      const listeners = [...closeListeners]
      closeListeners.clear()
      for (const listener of listeners) listener(fault)
    },
    onData: (listener) => {
      if (end === null) dataListeners.add(listener)
      return { [Symbol.dispose]: () => dataListeners.delete(listener) }
    },
    onClose: (listener) => {
      if (end === null) closeListeners.add(listener)
      else if (end !== 'disposed') listener(end)
      return { [Symbol.dispose]: () => closeListeners.delete(listener) }
    },
    dispose,
    [Symbol.dispose]: dispose,
  }
}
