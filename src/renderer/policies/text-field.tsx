/** A labelled text field with a hint under it. */
import { useEffect, useRef, type ReactNode } from 'react'

export interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly hint?: string
  readonly problem?: string | undefined
  readonly isSecret?: boolean
  /** Takes the focus when it comes. */
  readonly isFirst?: boolean
  readonly testId: string
  readonly onChange: (value: string) => void
}

export function TextField(props: TextFieldProps): ReactNode {
  const { label, value, hint, problem, isSecret = false, isFirst = false, testId, onChange } = props
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isFirst) field.current?.focus()
  }, [isFirst])
  return (
    <label className="field">
      {label}
      <input
        ref={field}
        type={isSecret ? 'password' : 'text'}
        value={value}
        aria-invalid={problem !== undefined}
        autoComplete="off"
        spellCheck={false}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem !== undefined ? (
        <span className="field-error">{problem}</span>
      ) : (
        hint !== undefined && <span className="size-s t3">{hint}</span>
      )}
    </label>
  )
}

export interface PickFieldProps {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly isLabelHidden?: boolean
  readonly testId: string
  readonly onChange: (value: string) => void
}

/** One of several, as the system's own list. */
export const PickField = (props: PickFieldProps): ReactNode => (
  <label className="field">
    {props.isLabelHidden === true ? <span className="visually-hidden">{props.label}</span> : props.label}
    <select
      value={props.value}
      data-testid={props.testId}
      onChange={(event) => props.onChange(event.target.value)}
    >
      {props.options.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </label>
)
