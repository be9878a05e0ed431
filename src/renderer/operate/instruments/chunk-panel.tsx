/** The chunk that is being followed: what was executed, the white line of now, what is left. */
import type { ReactNode } from 'react'
import { useApp, useLive } from '../../app/app-context.tsx'
import { useRepaint } from '../../app/use-clock.ts'
import { useMessages } from '../../i18n/language.tsx'
import { foresightMessages } from '../foresight/messages.ts'
import { usePlan } from '../foresight/plan-store.ts'
import { rowsLeft } from '../foresight/plan.ts'

export function ChunkPanel(): ReactNode {
  const t = useMessages(foresightMessages)
  const app = useApp()
  const plan = usePlan()
  const isStale = useLive((s) => s.rigSilentMs !== null)
  useRepaint(plan !== null && !isStale)
  const nowUs = app.clock.nowRigUs()
  if (plan === null || nowUs === null) return null
  const left = rowsLeft(plan, nowUs)
  const done = Math.max(0, plan.length - left)
  return (
    <section className="section" data-testid="chunk">
      <div className="section-head">
        <h2 className="heading">{t.chunkNumber(plan.chunkId)}</h2>
        <span className="size-s t2 numbers">{t.actionsLeft(left, plan.length)}</span>
      </div>
      <figure className="chunk-bar" aria-label={t.chunkBar(left, plan.length)}>
        <i className="chunk-done" style={{ flexGrow: done }} />
        <i className="chunk-now" />
        <i className="chunk-left" style={{ flexGrow: left }} />
      </figure>
    </section>
  )
}
