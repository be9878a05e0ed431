/** Follower and leader side by side, with the measured lag between them. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { JointBars } from './joint-bars.tsx'

const none: readonly string[] = []

export function Joints(): ReactNode {
  const t = useMessages(operateMessages)
  const joints = useLive((s) => s.rig?.arms.find((arm) => arm.role === 'follower')?.jointNames) ?? none
  const lagMs = useLive((s) => s.drive?.lagMs ?? null)
  const mode = useLive((s) => s.drive?.mode ?? null)
  const isAligned = useLive((s) => s.drive?.gaps?.every((gap) => gap.isWithin) ?? null)
  const isPolicy = mode === 'policy' || mode === 'blend'
  return (
    <section className="section">
      <div className="section-head">
        <h2 className="heading">{isPolicy ? t.leaderMirrors : t.followerAndLeader}</h2>
        {isPolicy && isAligned === true ? (
          <span className="size-s is-ok">{t.readyToTakeOver}</span>
        ) : (
          lagMs !== null && <span className="size-s t2">{t.lag(fixed(lagMs, lagMs < 10 ? 1 : 0))}</span>
        )}
      </div>
      <JointBars joints={joints} />
    </section>
  )
}
