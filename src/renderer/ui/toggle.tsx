/** On or off, in force at once. A real button, so that Space and Enter work on it. */
import { Switch } from '@base-ui/react/switch'
import type { ReactNode } from 'react'

export interface ToggleProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  readonly testId: string
  readonly isDisabled?: boolean
}

export const Toggle = ({ label, isOn, onChange, testId, isDisabled = false }: ToggleProps): ReactNode => (
  <Switch.Root
    className="toggle"
    aria-label={label}
    checked={isOn}
    disabled={isDisabled}
    onCheckedChange={(checked) => onChange(checked)}
    nativeButton
    render={<button type="button" aria-label={label} />}
    data-testid={testId}
  >
    <Switch.Thumb className="toggle-knob" />
  </Switch.Root>
)
