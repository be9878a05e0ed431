/** What was just done and can be undone with one key; gone after eight seconds. Never over the key bar. */
import { useEffect, type ReactNode } from 'react'
import { useApp, useUi } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { CommandKey } from '../command-key.tsx'
import { stripMessages } from './messages.ts'

const shownMs = 8000

export function StageToast(): ReactNode {
  const t = useMessages(stripMessages)
  const app = useApp()
  const toast = useUi((ui) => ui.toast)
  useEffect(() => {
    if (toast === null) return undefined
    const timer = app.timers.after(shownMs, () => app.ui.setState({ toast: null }))
    return () => timer[Symbol.dispose]()
  }, [app, toast])
  if (toast === null) return null
  return (
    <output className="toast" data-testid="toast">
      {t.discarded(toast.discardedTake)} <CommandKey id="operate.undoDiscard" />
    </output>
  )
}
