/** A command as a button of a desk screen: its key on it, or, grey, what it waits for. Nothing where the command does not exist now. */
import type { ReactNode } from 'react'
import { useApp, useLive } from '../app/app-context.tsx'
import { blockerOf, chordsFor } from '../keys/command.ts'
import { useAllCommands } from '../keys/command-registry.ts'
import { KeyCap } from './key-cap.tsx'

const noRebindings = {}

export interface ActButtonProps {
  readonly id: string
  readonly testId: string
  readonly isPrimary?: boolean
  readonly isSmall?: boolean
  readonly icon?: ReactNode
}

export function ActButton({
  id,
  testId,
  isPrimary = false,
  isSmall = false,
  icon,
}: ActButtonProps): ReactNode {
  const app = useApp()
  const rebindings = useLive((s) => s.settings?.keys) ?? noRebindings
  const command = useAllCommands(app.registry).find((candidate) => candidate.id === id)
  if (command === undefined || command.availability === 'hidden') return null
  const reason = blockerOf(command)
  return (
    <button
      type="button"
      className={`btn${isPrimary ? ' btn-primary' : ''}${isSmall ? ' btn-small' : ''}`}
      disabled={reason !== null}
      data-testid={testId}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        app.keys.press(id)
        app.keys.release(id)
      }}
    >
      {icon}
      {command.title}
      {reason === null ? <KeyCap chord={chordsFor(command, rebindings)[0] ?? ''} /> : <span>· {reason}</span>}
    </button>
  )
}
