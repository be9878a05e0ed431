/** Watches the recorder for what the page tells in passing: a discarded take that can be brought back, a scene to reset. */
import type { RecordState } from '#contract/services/record.ts'
import type { App } from '../app/create-app.ts'

const trashed = (record: RecordState): readonly number[] =>
  record.session.filter((entry) => entry.state === 'trash').map((entry) => entry.number)

export function followTakes(app: Pick<App, 'live' | 'ui' | 'timers'>): Disposable {
  let before = app.live.getState().record
  const unsubscribe = app.live.subscribe(({ record }) => {
    if (record === before || record === null) return
    const last = before
    before = record
    if (last === null) return
    const known = new Set(trashed(last))
    const discarded = trashed(record).find((number) => !known.has(number))
    if (discarded !== undefined) app.ui.setState({ toast: { discardedTake: discarded } })
    else if (trashed(record).length < known.size) app.ui.setState({ toast: null })
    const wasOpen = last.phase === 'recording' || last.phase === 'closed'
    const isLive = app.live.getState().drive?.mode !== 'idle'
    if (wasOpen && record.phase === 'ready' && isLive) app.ui.setState({ resetSinceMs: app.timers.nowMs() })
    else if (record.phase !== 'ready') app.ui.setState({ resetSinceMs: null })
  })
  return { [Symbol.dispose]: unsubscribe }
}
