/** Torque off: what is ready, what is not, and how far the leader stands from the arm. */
import { Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { useCaptureState } from '../../capture/camera-view.tsx'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { worstGap } from '../control-bar/badge-model.ts'
import { operateMessages } from '../messages.ts'
import { Fact, Facts } from './fact.tsx'
import { readiness } from './readiness.ts'

export function BeforeMotion(): ReactNode {
  const t = useMessages(operateMessages)
  const language = useLanguage()
  const drive = useLive((s) => s.drive)
  const rig = useLive((s) => s.rig)
  const record = useLive((s) => s.record)
  const { cameras } = useCaptureState()
  if (drive === null || rig === null) return null
  const items = readiness({ drive, rig, record, cameras }, language, t)
  const worst = worstGap(drive.gaps)
  return (
    <>
      {items.length > 0 && (
        <Facts
          title={t.beforeMotion}
          note={t.countOf(items.filter((item) => item.verdict === 'ok').length, items.length)}
        >
          {items.map((item) => (
            <Fact key={item.id} name={item.name} value={item.value} verdict={item.verdict} />
          ))}
        </Facts>
      )}
      {worst !== null && drive.commands.engage === null && (
        <div className="hint">
          <span className="row">
            <Info className="icon is-accent" aria-hidden="true" />
            <b>{t.leaderAway(worst.figure)}</b>
          </span>
          <p>{t.leaderAwayHint(worst.joint)}</p>
        </div>
      )}
    </>
  )
}
