/** The window shell as a whole on the fake: what it opens, in which order it ends, and what it does when it is not the first. */
import { join } from 'node:path'
import { app, BrowserWindow, dialog, powerSaveBlocker } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { electronSleepInhibitor } from '#main/electron/power-blocker.ts'
import { startWindow } from '#main/electron/start-window.ts'
import { acquireInstance } from '#main/instance/instance-lock.ts'
import type * as fake from '#test/fakes/electron.ts'
import { temporaryFolder, type TemporaryFolder } from '#test/fakes/temporary-folder.ts'
import { eventually } from '#test/fakes/eventually.ts'

const electronApp = app as unknown as typeof fake.app
const windows = (BrowserWindow as unknown as typeof fake.BrowserWindow).opened
const root = join(import.meta.dirname, '../../../..')

// Supervision has tests of its own; here no host is started.
vi.mock('#main/supervise/host-entries.ts', async (original) => ({
  ...(await original<object>()),
  hostEntries: () => [],
}))

describe('the window shell', () => {
  let folder: TemporaryFolder
  beforeEach(() => {
    folder = temporaryFolder()
    electronApp.removeAllListeners()
    electronApp.isFirstInstance = true
    electronApp.quits = 0
    windows.length = 0
  })
  afterEach(async () => {
    electronApp.quit()
    await eventually(() => expect(electronApp.quits).toBeGreaterThan(0))
    folder[Symbol.dispose]()
  })
  const start = (): Promise<void> =>
    startWindow(
      { FORESIGHT_DATA_DIR: folder.path, FORESIGHT_NODE: process.execPath },
      join(root, 'src', 'main'),
    )

  it('opens one sandboxed, isolated, unthrottled window on our own origin', async () => {
    await start()
    expect(windows).toHaveLength(1)
    expect(windows[0]?.loaded).toBe('app://foresight/')
    expect(windows[0]?.options['webPreferences']).toMatchObject({
      preload: join(root, 'out', 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      backgroundThrottling: false,
    })
    expect(electronApp.paths['userData']).toBe(join(folder.path, 'window'))
  })

  it('shows the window when a second start asks for it', async () => {
    await start()
    windows[0]?.minimize()
    electronApp.emit('second-instance')
    expect(windows[0]?.calls).toEqual(['minimize', 'restore', 'show', 'focus'])
  })

  it('loads the page again when its process crashed, not when it ended by itself', async () => {
    await start()
    const contents = windows[0]?.webContents
    contents?.emit('render-process-gone', {}, { reason: 'clean-exit' })
    expect(contents?.reloads).toBe(0)
    contents?.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(contents?.reloads).toBe(1)
  })

  it('ends the hosts before it quits, once, however often it is asked', async () => {
    await start()
    electronApp.emit('window-all-closed')
    electronApp.quit()
    expect(electronApp.quits).toBe(0)
    await eventually(() => expect(electronApp.quits).toBe(1))
  })

  it('quits at once when it is the second window of this data folder', async () => {
    electronApp.isFirstInstance = false
    await start()
    expect(windows).toHaveLength(0)
    expect(electronApp.quits).toBe(1)
  })

  it('says where the other instance is when a server owns the data folder', async () => {
    const { startHeadless } = await import('#main/headless.ts')
    const server = await startHeadless({ dataDir: folder.path, port: 0, entries: [] })
    await start()
    expect(windows).toHaveLength(0)
    expect((dialog as unknown as typeof fake.dialog).errors[0]).toContain(`http://127.0.0.1:${server.port}/`)
    await server.close()
    expect((await acquireInstance(folder.path, folder.path)).kind).toBe('owned')
  })
})

describe('the power blocker', () => {
  it('blocks once while torque is on, and not longer', () => {
    const { active } = powerSaveBlocker as unknown as typeof fake.powerSaveBlocker
    const inhibitor = electronSleepInhibitor()
    inhibitor.set(true)
    inhibitor.set(true)
    expect([...active.values()]).toEqual(['prevent-app-suspension'])
    inhibitor.set(false)
    expect(active.size).toBe(0)
    inhibitor.set(true)
    inhibitor[Symbol.dispose]()
    expect(active.size).toBe(0)
  })
})
