/** One of a few values, all shown side by side: arrows and mouse choose, and the choice is in force at once. */
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactNode } from 'react'

export interface ChoiceOption<T extends string> {
  readonly value: T
  readonly label: string
}

export interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly ChoiceOption<T>[]
  readonly value: T
  readonly onChange: (value: T) => void
  readonly testId: string
  readonly isDisabled?: boolean
}

export function Choice<T extends string>(props: ChoiceProps<T>): ReactNode {
  const { label, options, value, onChange, testId, isDisabled = false } = props
  return (
    <RadioGroup<T>
      className="choice"
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onValueChange={(chosen) => onChange(chosen)}
      data-testid={testId}
    >
      {options.map((option) => (
        <Radio.Root<T>
          key={option.value}
          value={option.value}
          className="choice-option"
          nativeButton
          render={<button type="button" aria-label={option.label} />}
          data-testid={`${testId}-${option.value}`}
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}
