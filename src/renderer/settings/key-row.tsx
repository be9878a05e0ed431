/** One command and its keys. While it listens, a field has the focus, so that no key starts anything but Esc. */
import { RotateCcw } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { chordsFor, type Rebindings } from '../keys/command.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import type { CatalogueEntry, CatalogueGroup } from './catalogue.ts'
import { settingsMessages } from './messages.ts'
import { chordText, chordToKeep, holderOf, rebound, withoutRebinding } from './rebind.ts'

export interface KeyRowProps {
  readonly entry: CatalogueEntry
  readonly groupId: string
  readonly groups: readonly CatalogueGroup[]
  readonly rebindings: Rebindings
  readonly isCapturing: boolean
  readonly onCapture: (isOn: boolean) => void
  readonly onSave: (keys: Record<string, string>) => void
}

export function KeyRow(props: KeyRowProps): ReactNode {
  const { entry, rebindings, isCapturing, onCapture, onSave } = props
  const t = useMessages(settingsMessages)
  const isChanged = rebindings[entry.id] !== undefined
  const hold = typeof entry.press === 'object' ? entry.press.holdMs : undefined
  return (
    <div className="key-row" data-testid={`key-row-${entry.id}`}>
      <span>{entry.title}</span>
      <span className="key-keys">
        {isChanged && (
          <button
            type="button"
            className="btn btn-small btn-ghost"
            data-testid={`key-reset-${entry.id}`}
            onClick={() => onSave(withoutRebinding(rebindings, entry.id))}
          >
            <RotateCcw className="icon" aria-hidden="true" /> {t.reset}
          </button>
        )}
        {isCapturing ? (
          <Capture {...props} />
        ) : (
          <button
            type="button"
            className="key-change"
            aria-label={t.change(entry.title)}
            data-changed={isChanged ? '' : undefined}
            data-testid={`key-change-${entry.id}`}
            onClick={() => onCapture(true)}
          >
            {chordsFor(entry, rebindings).map((chord) => (
              <KeyCap key={chord} chord={chord} holdMs={hold} />
            ))}
          </button>
        )}
      </span>
    </div>
  )
}

function Capture({ entry, groupId, groups, rebindings, onCapture, onSave }: KeyRowProps): ReactNode {
  const t = useMessages(settingsMessages)
  const field = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => field.current?.focus(), [])
  const take = (event: KeyboardEvent): void => {
    event.preventDefault()
    const { key, code, shiftKey, altKey } = event
    const isCtrl = event.ctrlKey || event.metaKey
    const chord = chordToKeep({ key, code, isCtrl, isShift: shiftKey, isAlt: altKey })
    if (chord === null) return
    const holder = holderOf(chord, entry, groupId, groups, rebindings)
    if (holder === null) onSave(rebound(rebindings, entry, chord))
    else setProblem(t.taken(chordText(chord), holder.title))
  }
  return (
    <>
      {problem !== null && (
        <span role="alert" className="key-problem" data-testid="key-conflict">
          {problem}
        </span>
      )}
      <input
        ref={field}
        className="key-capture"
        readOnly
        value={t.pressKey}
        aria-label={`${t.change(entry.title)}. ${t.cancelHint}`}
        data-testid="key-capture"
        onKeyDown={take}
        onBlur={() => onCapture(false)}
      />
    </>
  )
}
