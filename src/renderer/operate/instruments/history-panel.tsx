/** The joints' last seconds, measured against requested. */
import type { ReactNode } from 'react'
import { useApp, useLive } from '../../app/app-context.tsx'
import { JointHistory as JointPlots } from '../../charts/joint-history.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { jointRange } from './joint-range.ts'

const windowS = 10
const none: readonly string[] = []

export function JointHistory({ hasNames = false }: { hasNames?: boolean }): ReactNode {
  const t = useMessages(operateMessages)
  const app = useApp()
  const joints = useLive((s) => s.rig?.arms.find((arm) => arm.role === 'follower')?.jointNames) ?? none
  const theme = useLive((s) => s.settings?.theme ?? 'system')
  return (
    <section className="section history" data-testid="joint-history">
      <div className="section-head">
        <h2 className="heading">{t.lastSeconds(windowS)}</h2>
        <span className="size-s t2 cut">{t.historyLegend}</span>
      </div>
      <JointPlots
        key={theme}
        ring={app.telemetry}
        rows={joints.map((joint) => ({ joint, ...jointRange(joint) }))}
        windowS={windowS}
        label={t.lastSeconds(windowS)}
        hasNames={hasNames}
      />
    </section>
  )
}
