/** All keys of this screen, beside the first camera and never over it. Not modal: every key works while it is open. */
import type { ReactNode } from 'react'
import { useApp, useLive, useUi } from '../app/app-context.tsx'
import { frameMessages } from '../app/messages.ts'
import { useMessages } from '../i18n/language.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { blockerOf, chordsFor, type Command } from './command.ts'
import { useAllCommands } from './command-registry.ts'

const noRebindings = {}

export function KeyList(): ReactNode {
  const app = useApp()
  const t = useMessages(frameMessages)
  const isShown = useUi((ui) => ui.isKeyListShown)
  const commands = useAllCommands(app.registry).filter((command) => command.availability !== 'hidden')
  if (!isShown) return null
  return (
    <aside className="keylist" aria-label={t.allKeys} data-testid="key-list">
      <div className="row">
        <h2 className="subtitle">{t.allKeys}</h2>
        <span className="spring" />
        <KeyCap chord="Escape" />
      </div>
      <div className="keylist-rows">
        <span className="keylist-keys">
          <KeyCap chord="Escape" />
        </span>
        <span>{t.stopMotion}</span>
        <span className="keylist-keys">
          <KeyCap chord="Escape" />
          <KeyCap chord="Escape" />
        </span>
        <span>{t.cutTorque}</span>
        {commands.map((command) => (
          <KeyRow key={command.id} command={command} />
        ))}
      </div>
    </aside>
  )
}

function KeyRow({ command }: { command: Command }): ReactNode {
  const rebindings = useLive((s) => s.settings?.keys) ?? noRebindings
  const reason = blockerOf(command)
  const hold = typeof command.press === 'object' ? command.press.holdMs : undefined
  return (
    <>
      <span className="keylist-keys">
        {chordsFor(command, rebindings).map((chord) => (
          <KeyCap key={chord} chord={chord} holdMs={hold} />
        ))}
      </span>
      <span className={reason === null ? '' : 'keylist-waits'}>
        {command.title}
        {reason !== null && ` · ${reason}`}
      </span>
    </>
  )
}
