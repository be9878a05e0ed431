/**
 * The path of a checkpoint folder, with what lies near it to choose from: arrows go through the list, Enter takes. The focus
 * stays in the field, so no other key acts meanwhile.
 */
import { Box, Folder } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { importMessages } from './import-messages.ts'
import { pathAfter, pathOptions, type PathOption } from './path-options.ts'
import { useNearby } from './use-nearby.ts'

export interface PathFieldProps {
  readonly value: string
  readonly onChange: (path: string) => void
  /** A checkpoint was taken from the list. */
  readonly onTake: (path: string) => void
}

export function PathField({ value, onChange, onTake }: PathFieldProps): ReactNode {
  const t = useMessages(importMessages)
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [active, setActive] = useState<number | null>(null)
  const options = pathOptions(useNearby(value), value)
  const chosen = active === null ? undefined : options[active]
  useEffect(() => field.current?.focus(), [])
  const change = (path: string): void => {
    setActive(null)
    onChange(path)
  }
  const take = (option: PathOption): void => {
    change(pathAfter(option))
    if (option.isCheckpoint) onTake(option.path)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && options.length > 0) {
      event.preventDefault()
      const next = (active ?? (step > 0 ? -1 : 0)) + step
      setActive(next < 0 || next >= options.length ? null : next)
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      take(chosen)
    }
  }
  return (
    <div className="field path-field">
      <label htmlFor={id}>{t.folder}</label>
      <input
        id={id}
        ref={field}
        value={value}
        autoComplete="off"
        spellCheck={false}
        data-testid="import-path"
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="size-s t3">{t.folderHint}</span>
      <output className="visually-hidden">{chosen?.title}</output>
      {options.length > 0 && (
        <ul className="path-options" aria-label={t.nearby}>
          {options.map((option, index) => (
            <li key={option.path}>
              <button
                type="button"
                className="path-option"
                data-is-active={index === active}
                data-testid="import-near"
                title={option.path}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(option)}
              >
                {option.isCheckpoint ? (
                  <Box className="icon" aria-hidden="true" />
                ) : (
                  <Folder className="icon" aria-hidden="true" />
                )}
                <span className="path-title">{option.title}</span>
                {option.isCheckpoint && <span className="size-s t3">{t.checkpointOf(option.note)}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
