/** The operator's name: saved when the field is left or by Enter, so that no half-typed name gets into a take. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { settingsMessages } from './messages.ts'

const longest = 80

export interface OperatorFieldProps {
  readonly saved: string
  readonly onSave: (operator: string) => void
}

export function OperatorField({ saved, onSave }: OperatorFieldProps): ReactNode {
  const t = useMessages(settingsMessages)
  const [text, setText] = useState(saved)
  const name = text.trim()
  const isChanged = name !== saved
  const save = (): void => {
    if (isChanged) onSave(name)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save()
  }
  return (
    <form className="field settings-operator" onSubmit={submit}>
      <input
        value={text}
        maxLength={longest}
        aria-label={t.operator}
        autoComplete="off"
        spellCheck={false}
        data-testid="setting-operator"
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
      />
      <button type="submit" className="btn btn-small" disabled={!isChanged}>
        {t.operatorSave} <KeyCap chord="Enter" />
      </button>
    </form>
  )
}
