/** Entry of the window shell, run by Electron. */
import { app, dialog } from 'electron'
import { startWindow } from './electron/start-window.ts'

// Not awaited: Electron becomes ready only after this module has been evaluated.
startWindow(process.env, import.meta.dirname).catch((error: unknown) => {
  dialog.showErrorBox(
    'Foresight cannot start',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  )
  app.exit(1)
})
