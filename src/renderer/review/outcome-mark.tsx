/** An outcome as a glyph and a word; colour only repeats them. */
import { Check, Dot, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Outcome } from '#contract/services/common.ts'
import { useMessages } from '../i18n/language.tsx'
import { reviewMessages } from './messages.ts'

const marks = {
  success: { Icon: Check, tone: 'is-ok' },
  partial: { Icon: Minus, tone: 'is-warn' },
  failure: { Icon: X, tone: 'is-bad' },
  unlabelled: { Icon: Dot, tone: 't3' },
} as const

export function OutcomeGlyph({ outcome }: { outcome: Outcome }): ReactNode {
  const { Icon, tone } = marks[outcome]
  return <Icon className={`icon ${tone}`} aria-hidden="true" />
}

export function OutcomeMark({ outcome }: { outcome: Outcome }): ReactNode {
  const t = useMessages(reviewMessages)
  return (
    <span className={`outcome-mark ${marks[outcome].tone}`}>
      <OutcomeGlyph outcome={outcome} />
      {t[outcome]}
    </span>
  )
}
