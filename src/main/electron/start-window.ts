/** The window shell: the app behind one Electron window, from the first instant of the process to its orderly end. */
import { join } from 'node:path'
import { app, dialog } from 'electron'
import { startApp, type App } from '../app.ts'
import { dataDirOf } from '../instance/data-dir.ts'
import { findProgram } from '../instance/program.ts'
import { nodeForHosts } from '../instance/node-for-hosts.ts'
import { hostEntries, programFrom } from '../supervise/host-entries.ts'
import { registerAppScheme, servePage } from './app-scheme.ts'
import { offerPagePorts } from './page-ports.ts'
import { openPageWindow, type PageWindow } from './page-window.ts'
import { electronSleepInhibitor } from './power-blocker.ts'
import { secureContents } from './secure-contents.ts'

/** Ends the hosts before Electron ends; a second wish to quit while that goes on changes nothing. */
function endInOrder(running: App): void {
  let state: 'running' | 'ending' | 'ended' = 'running'
  const end = async (): Promise<void> => {
    try {
      await running[Symbol.asyncDispose]()
    } finally {
      state = 'ended'
      app.quit()
    }
  }
  app.on('will-quit', (event) => {
    if (state === 'ended') return
    event.preventDefault()
    if (state === 'ending') return
    state = 'ending'
    void end()
  })
}

/** Must be called in the first turn of the process: schemes are registered before Electron is ready. */
export async function startWindow(env: NodeJS.ProcessEnv, moduleDir: string): Promise<void> {
  registerAppScheme()
  const dataDir = dataDirOf(env)
  // Electron's own files beside ours, which also makes its single-instance lock one per data folder.
  app.setPath('userData', join(dataDir, 'window'))
  if (!app.requestSingleInstanceLock()) return app.quit()
  const program = findProgram(moduleDir)
  await app.whenReady()

  let window: PageWindow | null = null
  const show = (): void => window?.show()
  const start = await startApp({
    shell: 'electron',
    program,
    dataDir,
    env,
    nodePath: nodeForHosts(env, program.rootDir, process.resourcesPath),
    entries: hostEntries(program.plainDir, programFrom(env)),
    frontDoor: { address: () => null, show },
    sleepInhibitor: electronSleepInhibitor,
  })
  if (start.kind === 'taken') {
    dialog.showErrorBox(
      'Foresight',
      `Foresight runs already${start.owner.url === null ? '' : ` at ${start.owner.url}`}`,
    )
    return app.quit()
  }
  const running = start.app
  const { log } = running

  secureContents()
  servePage(join(program.rootDir, 'out', 'renderer'))
  offerPagePorts(
    (page) => running.attach(page),
    (url) => log.warn('page', 'a foreign frame asked for a port', { url }),
  )
  app.on('second-instance', show)
  app.on('window-all-closed', () => app.quit())
  app.on('child-process-gone', (_event, { type, reason, name }) =>
    log.error('electron', 'an Electron process ended', { type, reason, name }),
  )
  endInOrder(running)
  window = openPageWindow(join(program.rootDir, 'out', 'preload', 'preload.cjs'), (reason) =>
    log.error('page', 'the page ended', { reason }),
  )
}
