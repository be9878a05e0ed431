/** The program's one window: sandboxed, without Node, never throttled, because it may be recording while it is hidden. */
import { BrowserWindow } from 'electron'
import { appOrigin } from './app-scheme.ts'

const size = { width: 1440, height: 900, minWidth: 1024, minHeight: 680 }
/** The page's dark ground, so that nothing flashes before it is drawn. */
const backgroundColor = '#0a0b0d'

export interface PageWindow {
  show(): void
}

export function openPageWindow(preloadPath: string, onPageGone: (reason: string) => void): PageWindow {
  const window = new BrowserWindow({
    ...size,
    backgroundColor,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      backgroundThrottling: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    onPageGone(reason)
    // A page that ended by itself ended with its window.
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload()
  })
  void window.loadURL(`${appOrigin}/`)
  return {
    show: () => {
      if (window.isDestroyed()) return
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
  }
}
