/** Joins the app to this window: focus, keys, heartbeat worker, theme. */
import { StrictMode } from 'react'
import type { Root } from 'react-dom/client'
import { focusKindOf, listenToKeys } from '../keys/listen.ts'
import { AppProvider } from './app-context.tsx'
import { createApp, type App, type AppOptions } from './create-app.ts'
import { Frame } from './frame.tsx'
import { followTheme } from './theme.ts'
import { pageTimers } from './timers.ts'

function beatWorker(): AppOptions['onBeat'] {
  const acts = new Set<() => void>()
  const worker = new Worker(new URL('./heartbeat.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', () => {
    for (const act of acts) act()
  })
  return (act) => {
    acts.add(act)
    return { [Symbol.dispose]: () => acts.delete(act) }
  }
}

const leaveField = (): boolean => {
  const { activeElement } = document
  if (!(activeElement instanceof HTMLElement) || focusKindOf(activeElement) !== 'field') return false
  activeElement.blur()
  return true
}

/** What a watching page is told about this one. */
const pageLabel = (): string => {
  const where = window.location.protocol === 'app:' ? 'Foresight window' : 'browser'
  return `${where} on ${navigator.platform || 'this machine'}`
}

function followFocus(app: App): void {
  const update = (): void => {
    app.ui.setState({
      hasFocus: document.hasFocus(),
      isTyping: focusKindOf(document.activeElement) === 'field',
    })
  }
  window.addEventListener('focus', update)
  window.addEventListener('blur', update)
  document.addEventListener('focusin', update)
  document.addEventListener('focusout', () => queueMicrotask(update))
  document.addEventListener('compositionstart', () => app.ui.setState({ isComposing: true }))
  document.addEventListener('compositionend', () => app.ui.setState({ isComposing: false }))
  update()
}

export function startPage(root: Root, open: AppOptions['open']): App {
  const app = createApp({
    open,
    timers: pageTimers,
    hasFocus: () => document.hasFocus(),
    label: pageLabel(),
    onBeat: beatWorker(),
    leaveField,
  })
  listenToKeys(window, app.keys, navigator.platform.startsWith('Mac'))
  followFocus(app)
  followTheme(app.live)
  root.render(
    <StrictMode>
      <AppProvider app={app}>
        <Frame />
      </AppProvider>
    </StrictMode>,
  )
  return app
}
