/** A stream that comes back by itself: when its host restarts it is subscribed again, after a pause that grows while it stays away. */
import type { Fault } from '#core/result.ts'
import type { Timers } from './timers.ts'

const firstPauseMs = 400
const lastPauseMs = 3200

/** A stream member of a client, as `connect` gives it. */
export type StreamOf<P, T> = (
  params: P,
  onItem: (item: T) => void,
  onEnd: (fault: Fault | null) => void,
) => Disposable

export function keepSubscribed<P, T>(
  timers: Timers,
  stream: StreamOf<P, T>,
  params: P,
  onItem: (item: T) => void,
  onGone?: () => void,
): Disposable {
  let isDisposed = false
  let current: Disposable | null = null
  let retry: Disposable | null = null
  let pauseMs = firstPauseMs
  const open = (): void => {
    const receive = (item: T): void => {
      pauseMs = firstPauseMs
      onItem(item)
    }
    current = stream(params, receive, () => {
      if (isDisposed) return
      onGone?.()
      retry = timers.after(pauseMs, open)
      pauseMs = Math.min(lastPauseMs, pauseMs * 2)
    })
  }
  open()
  return {
    [Symbol.dispose]: () => {
      isDisposed = true
      retry?.[Symbol.dispose]()
      current?.[Symbol.dispose]()
    },
  }
}
