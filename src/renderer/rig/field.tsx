/** A labelled text field of the rig's form, with what is wrong beside it once it was tried. */
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import type { DraftProblem } from './draft.ts'
import { rigMessages, type RigText } from './messages.ts'

const problemKeys = {
  name: 'wrongName',
  path: 'wrongPath',
  samePort: 'wrongSamePort',
  baud: 'wrongBaud',
  fps: 'wrongFps',
  cameraName: 'wrongCameraName',
  cameraTwice: 'wrongCameraTwice',
  device: 'wrongDevice',
  virtualNeedsSim: 'wrongVirtualNeedsSim',
} as const satisfies Record<DraftProblem, keyof RigText>

export const problemText = (problem: DraftProblem, t: RigText): string => t[problemKeys[problem]]

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly problem?: DraftProblem | undefined
  readonly testId: string
  readonly onChange: (value: string) => void
}

export function Field({ label, value, problem, testId, onChange }: FieldProps): ReactNode {
  const t = useMessages(rigMessages)
  return (
    <label className="field">
      {label}
      <input
        value={value}
        aria-invalid={problem !== undefined}
        autoComplete="off"
        spellCheck={false}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem !== undefined && <span className="field-error">{problemText(problem, t)}</span>}
    </label>
  )
}

export interface SelectProps {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly problem?: DraftProblem | undefined
  readonly testId: string
  readonly onChange: (value: string) => void
}

export function Select({ label, value, options, problem, testId, onChange }: SelectProps): ReactNode {
  const t = useMessages(rigMessages)
  return (
    <label className="field">
      {label}
      <select
        value={value}
        aria-invalid={problem !== undefined}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      {problem !== undefined && <span className="field-error">{problemText(problem, t)}</span>}
    </label>
  )
}
