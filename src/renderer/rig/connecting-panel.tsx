/** While the rig host opens the rig: what it is doing, and how far each arm is. */
import type { ReactNode } from 'react'
import type { RigState } from '#contract/services/rig.ts'
import { useMessages } from '../i18n/language.tsx'
import { rigMessages } from './messages.ts'

export function ConnectingPanel({ rig }: { rig: RigState }): ReactNode {
  const t = useMessages(rigMessages)
  return (
    <>
      <header>
        <h2 className="title">{rig.rig?.name ?? t.rig}</h2>
        <output className="desk-lead">{t.connectingLead}</output>
      </header>
      <dl className="pairs rig-narrow">
        {rig.arms.map((arm) => (
          <div key={arm.role} className="rig-pair">
            <dt>{t[arm.role]}</dt>
            <dd>
              {arm.port} · {t[arm.status]}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
