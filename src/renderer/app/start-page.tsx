/** Joins the app to this window: focus, keys, heartbeat worker, theme. */
import '../ui/fonts.css'
import '../ui/tokens.css'
import '../ui/base.css'
import '../ui/controls.css'
import '../ui/sources.css'
import './frame.css'
import '../keys/key-bar.css'
import '../operate/control-bar/control-bar.css'
import { StrictMode } from 'react'
import type { Root } from 'react-dom/client'
import { focusKindOf, listenToKeys } from '../keys/listen.ts'
import { AppProvider } from './app-context.tsx'
import { CaptureController } from '../capture/capture-controller.ts'
import { CaptureProvider } from '../capture/camera-view.tsx'
import { createApp, type App, type AppOptions } from './create-app.ts'
import { Frame } from './frame.tsx'
import { followTakes } from '../operate/follow-takes.ts'
import { screens } from './screens.ts'
import { followSounds } from './sounds.ts'
import { followTheme } from './theme.ts'
import { joinCapture } from './join-capture.ts'
import { pageTimers } from './timers.ts'
import { transportOver, type Wire } from './transport.ts'

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

/** `openWire` gives a new way to main for each call: one for the page, one for the capture worker. */
export function startPage(root: Root, openWire: () => Promise<Wire>): App {
  const capture = new CaptureController()
  const app = createApp({
    open: async () => transportOver(await openWire()),
    timers: pageTimers,
    screens,
    hasFocus: () => document.hasFocus(),
    label: pageLabel(),
    onBeat: beatWorker(),
    leaveField,
  })
  listenToKeys(window, app.keys, navigator.platform.startsWith('Mac'))
  followFocus(app)
  followTheme(app.live)
  followTakes(app)
  followSounds(app.live)
  joinCapture(app.live, capture, openWire)
  root.render(
    <StrictMode>
      <AppProvider app={app}>
        <CaptureProvider controller={capture}>
          <Frame />
        </CaptureProvider>
      </AppProvider>
    </StrictMode>,
  )
  return app
}
