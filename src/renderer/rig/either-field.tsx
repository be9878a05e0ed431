/** A choice from what was found, with a way out: a path that is typed. Used for ports and calibration files. */
import { useState, type ReactNode } from 'react'
import type { DraftProblem } from './draft.ts'
import { Field, Select } from './field.tsx'

const other = '\u0000other'

export interface EitherFieldProps {
  readonly label: string
  /** What the choice for typing says, and the label of the field it opens. */
  readonly otherLabel: string
  readonly pathLabel: string
  readonly value: string
  /** Values that were found; the first one may be the empty value. */
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly problem?: DraftProblem | undefined
  readonly testId: string
  readonly onChange: (value: string) => void
}

export function EitherField(props: EitherFieldProps): ReactNode {
  const { label, otherLabel, pathLabel, value, options, problem, testId, onChange } = props
  const [isTyping, setIsTyping] = useState(false)
  const isListed = options.some((option) => option.value === value)
  const isOther = isTyping || !isListed
  const choose = (chosen: string): void => {
    setIsTyping(chosen === other)
    if (chosen !== other) onChange(chosen)
  }
  return (
    <>
      <Select
        label={label}
        value={isOther ? other : value}
        options={[...options, { value: other, text: otherLabel }]}
        problem={isOther ? undefined : problem}
        testId={testId}
        onChange={choose}
      />
      {isOther && (
        <Field
          label={pathLabel}
          value={value}
          problem={problem}
          testId={`${testId}-path`}
          onChange={onChange}
        />
      )}
    </>
  )
}
