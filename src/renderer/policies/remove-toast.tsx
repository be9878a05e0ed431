/** What was just taken off the list, with the key that brings it back; gone after eight seconds, the key stays. */
import { useEffect, type ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { CommandKey } from '../operate/command-key.tsx'
import { policiesViewOf, usePoliciesView } from './policies-view.ts'
import { setupMessages } from './setup-messages.ts'

const shownMs = 8000

export function RemoveToast({ onUndo }: { onUndo: () => void }): ReactNode {
  const t = useMessages(setupMessages)
  const app = useApp()
  const removed = usePoliciesView((view) => view.removed)
  const isShown = usePoliciesView((view) => view.isToastShown)
  useEffect(() => {
    if (!isShown) return undefined
    const timer = app.timers.after(shownMs, () => policiesViewOf(app).setState({ isToastShown: false }))
    return () => timer[Symbol.dispose]()
  }, [app, isShown])
  if (removed === null || !isShown) return null
  return (
    <output className="toast" data-testid="undo-toast">
      {t.removed(removed.name)}
      <button
        type="button"
        className="line-action"
        data-testid="undo-remove"
        onMouseDown={(event) => event.preventDefault()}
        onClick={onUndo}
      >
        <CommandKey id="policies.undo" /> {t.undo}
      </button>
    </output>
  )
}
