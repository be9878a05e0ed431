/** Draws the commands of this moment from their bindings. A command that must wait stays, grey, with its reason beside it. */
import type { ReactNode } from 'react'
import { useApp, useLive, useUi } from '../app/app-context.tsx'
import { frameMessages } from '../app/messages.ts'
import { useMessages } from '../i18n/language.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { blockerOf, chordsFor, type Command } from './command.ts'
import { useAllCommands } from './command-registry.ts'

const noRebindings = {}

export function KeyBar(): ReactNode {
  const app = useApp()
  const t = useMessages(frameMessages)
  const commands = useAllCommands(app.registry)
  const isTyping = useUi((ui) => ui.isTyping)
  const shown = commands
    .filter((command) => command.bar !== undefined && command.availability !== 'hidden')
    .toSorted((a, b) => (a.bar ?? 0) - (b.bar ?? 0))
  // What several keys wait for is said once: said at each, it pushes the last keys out of a small window.
  const firstWith = new Map<string, string>()
  for (const command of shown) {
    const reason = blockerOf(command)
    if (reason !== null && !firstWith.has(reason)) firstWith.set(reason, command.id)
  }
  return (
    <div className="keybar" role="toolbar" aria-label={t.keys} data-region="keys">
      {isTyping && <span className="keybar-rest">{t.keysRest}</span>}
      <div className="keybar-items">
        {shown.map((command) => (
          <KeyBarItem
            key={command.id}
            command={command}
            saysWhy={firstWith.get(blockerOf(command) ?? '') === command.id}
          />
        ))}
      </div>
      <button
        type="button"
        className="keybar-item keybar-more"
        onClick={() => app.ui.setState((ui) => ({ isKeyListShown: !ui.isKeyListShown }))}
      >
        <KeyCap chord="?" /> {t.allKeys}
      </button>
    </div>
  )
}

function KeyBarItem({ command, saysWhy }: { command: Command; saysWhy: boolean }): ReactNode {
  const app = useApp()
  const rebindings = useLive((s) => s.settings?.keys) ?? noRebindings
  const isFilling = useUi((ui) => ui.hold?.commandId === command.id)
  const reason = blockerOf(command)
  const release = (): void => app.keys.release(command.id)
  return (
    <button
      type="button"
      className={command.isWide === true ? 'keybar-item is-wide' : 'keybar-item'}
      aria-disabled={reason !== null}
      title={reason ?? undefined}
      data-testid={`command-${command.id}`}
      onPointerDown={(event) => {
        if (event.button === 0) app.keys.press(command.id)
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onKeyDown={(event) => {
        if ((event.key === 'Enter' || event.key === ' ') && !event.repeat) app.keys.press(command.id)
      }}
      onKeyUp={release}
      onMouseDown={(event) => event.preventDefault()}
    >
      <KeyCap
        chord={chordsFor(command, rebindings)[0] ?? ''}
        holdMs={typeof command.press === 'object' ? command.press.holdMs : undefined}
        isFilling={isFilling}
      />
      {command.title}
      {reason !== null && saysWhy && <span className="keybar-reason">· {reason}</span>}
    </button>
  )
}
