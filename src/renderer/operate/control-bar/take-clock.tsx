/** The recording: a mark, a clock and two lines. Red only while frames are written. */
import type { ReactNode } from 'react'
import { useApp, useLive, useUi } from '../../app/app-context.tsx'
import { useRepaint } from '../../app/use-clock.ts'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { useDriveTrust } from './drive-trust.ts'
import { WhoDrove } from './who-drove.tsx'
import { lastKnownTake, takeModel } from './take-model.ts'

export function TakeClock(): ReactNode {
  const t = useMessages(operateMessages)
  const app = useApp()
  const record = useLive((s) => s.record)
  const countdownEndsMs = useUi((ui) => ui.countdownEndsMs)
  const resetSinceMs = useUi((ui) => ui.resetSinceMs)
  useRepaint(record?.phase === 'recording' || countdownEndsMs !== null || resetSinceMs !== null)
  const times = { nowRigUs: app.clock.nowRigUs(), nowMs: app.timers.nowMs(), countdownEndsMs, resetSinceMs }
  const isKnown = useDriveTrust().kind === 'fresh'
  const model = isKnown ? takeModel(record, times, t) : lastKnownTake(record, t)
  const take = record?.take ?? null
  const hasMark = model.phase === 'recording' || model.phase === 'saving' || model.phase === 'closed'
  return (
    <div
      className="take"
      role="timer"
      aria-label={t.takeClock}
      data-testid="take-state"
      data-phase={model.phase}
    >
      {hasMark && <span className="take-mark" data-phase={model.phase} />}
      <span className="take-clock" data-testid="clock">
        {model.clock}
      </span>
      <span className="take-label">
        <span className={model.phase === 'recording' ? 'is-recording take-word' : 'take-word'}>
          {model.first}
        </span>
        <br />
        <span className={model.phase === 'off' ? 't2' : ''}>{model.second}</span>
        {model.phase === 'recording' && take !== null && times.nowRigUs !== null && (
          <WhoDrove fromUs={take.t0Us} toUs={times.nowRigUs} />
        )}
      </span>
    </div>
  )
}
