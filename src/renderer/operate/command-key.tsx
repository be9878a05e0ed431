/** The key of a command as it is bound now, for texts that mention it; nothing when the command cannot be given. */
import type { ReactNode } from 'react'
import { useApp, useLive, useUi } from '../app/app-context.tsx'
import { chordsFor } from '../keys/command.ts'
import { useAllCommands } from '../keys/command-registry.ts'
import { KeyCap } from '../ui/key-cap.tsx'

const noRebindings = {}

export function CommandKey({ id }: { id: string }): ReactNode {
  const app = useApp()
  const rebindings = useLive((s) => s.settings?.keys) ?? noRebindings
  const isFilling = useUi((ui) => ui.hold?.commandId === id)
  const command = useAllCommands(app.registry).find((candidate) => candidate.id === id)
  if (command === undefined || command.availability === 'hidden') return null
  const chord = chordsFor(command, rebindings)[0] ?? ''
  const holdMs = typeof command.press === 'object' ? command.press.holdMs : undefined
  return <KeyCap chord={chord} holdMs={holdMs} isFilling={isFilling} />
}

/** A key and what it does, as a button. */
export function CommandButton({ id, title }: { id: string; title?: string }): ReactNode {
  const app = useApp()
  const command = useAllCommands(app.registry).find((candidate) => candidate.id === id)
  if (command === undefined || command.availability === 'hidden') return null
  const release = (): void => app.keys.release(id)
  return (
    <button
      type="button"
      className="line-action"
      onPointerDown={() => app.keys.press(id)}
      onPointerUp={release}
      onPointerLeave={release}
      onMouseDown={(event) => event.preventDefault()}
    >
      <CommandKey id={id} /> {title ?? command.title}
    </button>
  )
}
