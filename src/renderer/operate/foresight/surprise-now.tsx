/** How far off the newest prediction was, against what a person calls too far; without such a threshold it is only a number. */
import { Check, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApp } from '../../app/app-context.tsx'
import { useRepaint } from '../../app/use-clock.ts'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { worstOf } from './foresight-state.ts'
import { useForesight } from './foresight-store.ts'
import { foresightMessages } from './messages.ts'

export function SurpriseNow(): ReactNode {
  const t = useMessages(foresightMessages)
  const app = useApp()
  const scores = useForesight((state) => state.scores)
  const threshold = useForesight((state) => state.settings?.surpriseThreshold ?? null)
  useRepaint(scores.length > 0)
  const newest = scores.at(-1)
  const worst = worstOf(scores)
  const nowUs = app.clock.nowRigUs()
  const isOver = newest !== undefined && threshold !== null && newest.score > threshold
  return (
    <div className="surprise-now" data-over={isOver ? '' : undefined}>
      <h2 className="heading">{t.surpriseNow}</h2>
      {newest === undefined ? (
        <p className="t2 size-s">{t.notYet}</p>
      ) : (
        <p className="row">
          <b className="surprise-figure">{fixed(newest.score, 2)}</b>
          {isOver ? (
            <span className="row is-warn">
              <TriangleAlert className="icon" aria-hidden="true" /> {t.notAsForeseen}
            </span>
          ) : threshold === null ? (
            <span className="t2">{t.noThreshold}</span>
          ) : (
            <span className="row is-ok">
              <Check className="icon" aria-hidden="true" /> {t.asForeseen}
            </span>
          )}
        </p>
      )}
      {worst !== null && nowUs !== null && (
        <p className="size-s t2 numbers">
          {t.worst(fixed(worst.score, 2), fixed(Math.max(0, (nowUs - worst.dueUs) / 1e6), 0))}
        </p>
      )}
    </div>
  )
}
