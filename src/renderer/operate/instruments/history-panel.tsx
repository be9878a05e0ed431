/** The joints' last seconds, measured against requested. */
import { useCallback, type ReactNode } from 'react'
import { useApp, useLive } from '../../app/app-context.tsx'
import { JointHistory as JointPlots } from '../../charts/joint-history.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { foresightMessages } from '../foresight/messages.ts'
import { planIn, useHasPlan } from '../foresight/plan-store.ts'
import { planPoints } from '../foresight/plan.ts'
import { operateMessages } from '../messages.ts'
import { jointRange } from './joint-range.ts'

const windowS = 10
/** With a plan the past is shorter, so that what comes has its room. */
const planWindowS = 5
const aheadS = 1.5
const none: readonly string[] = []

export function JointHistory({ hasNames = false }: { hasNames?: boolean }): ReactNode {
  const t = useMessages(operateMessages)
  const f = useMessages(foresightMessages)
  const app = useApp()
  const joints = useLive((s) => s.rig?.arms.find((arm) => arm.role === 'follower')?.jointNames) ?? none
  const hasPlan = useHasPlan()
  const planOf = useCallback(
    (joint: number, nowUs: number) => {
      const plan = planIn(app)
      return plan === null ? null : planPoints(plan, joint, nowUs, aheadS)
    },
    [app],
  )
  const shownS = hasPlan ? planWindowS : windowS
  const title = hasPlan ? f.lastAndPlan(shownS) : t.lastSeconds(shownS)
  const theme = useLive((s) => s.settings?.theme ?? 'system')
  return (
    <section className="section history" data-testid="joint-history">
      <div className="section-head">
        <h2 className="heading">{title}</h2>
        <span className="size-s t2 cut">{hasPlan ? f.planLegend : t.historyLegend}</span>
      </div>
      <JointPlots
        key={theme}
        ring={app.telemetry}
        rows={joints.map((joint) => ({ joint, ...jointRange(joint) }))}
        windowS={shownS}
        label={title}
        hasNames={hasNames}
        aheadS={hasPlan ? aheadS : 0}
        planOf={planOf}
      />
    </section>
  )
}
