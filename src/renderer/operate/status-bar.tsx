/** Health of the rig in one line. A value that was never measured is absent, not zero. */
import type { ReactNode } from 'react'
import { useLive } from '../app/app-context.tsx'
import { frameMessages } from '../app/messages.ts'
import { fixed, hoursMinutes } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { BadgeShape } from './control-bar/badge-shape.tsx'
import { operateMessages } from './messages.ts'

export function StatusBar({ isQuiet }: { isQuiet: boolean }): ReactNode {
  const frame = useMessages(frameMessages)
  const t = useMessages(operateMessages)
  const drive = useLive((s) => s.drive)
  const disk = useLive((s) => s.record?.diskSecondsLeft ?? null)
  const loop = drive?.loop ?? null
  return (
    <footer className="status" aria-label={frame.rigHealth} data-testid="status-bar">
      {isQuiet && drive !== null && (
        <span className="status-source">
          <BadgeShape mode={drive.mode} />
          {t[drive.mode]}
        </span>
      )}
      {loop !== null && (
        <span>
          <span className="status-name">{t.loop}</span>
          <b>{fixed(loop.rateHz, 1)} Hz</b>{' '}
          <span className="t3">{t.p999(fixed(loop.latenessP999Us / 1000, 2))}</span>
        </span>
      )}
      {disk !== null && (
        <span>
          <span className="status-name">{t.disk}</span>
          <b>{t.timeLeft(hoursMinutes(disk).hours, hoursMinutes(disk).minutes)}</b>
        </span>
      )}
    </footer>
  )
}
