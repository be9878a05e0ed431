/** A key as printed on the keyboard. With `holdMs` it carries the line that fills while the key is held. */
import type { CSSProperties, ReactNode } from 'react'
import { capsOf } from '../keys/chord.ts'
import { useMessages } from '../i18n/language.tsx'
import { uiMessages } from './messages.ts'

export interface KeyCapProps {
  readonly chord: string
  readonly holdMs?: number | undefined
  readonly isFilling?: boolean | undefined
}

export function KeyCap({ chord, holdMs, isFilling = false }: KeyCapProps): ReactNode {
  const t = useMessages(uiMessages)
  const text = capsOf(chord)
    .map((cap) => (cap === 'Space' ? t.spaceKey : cap))
    .join(' ')
  if (holdMs === undefined) return <kbd className="keycap">{text}</kbd>
  return (
    <kbd
      className="keycap"
      data-hold={isFilling ? 'filling' : 'ready'}
      style={{ '--hold-ms': `${holdMs}ms` } as CSSProperties}
    >
      {text}
      <small>{t.hold}</small>
    </kbd>
  )
}
