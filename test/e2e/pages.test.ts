/** Pages come and go while an arm is live: a second one watches and can stop, a reload closes the take and loses nothing. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState } from '#contract/services/drive.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { shell } from '#contract/services/shell.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir, failureShot, leaveDatasets } from './data-dir.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

const liveFront = '[data-testid="camera-front"][data-status="live"]'

describe('pages of a live arm', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let driver: OperatePage
  let cookie = ''

  beforeAll(async () => {
    app = await startApp({ dataDir: await e2eDataDir('pages') })
    cookie = await sessionCookie(app.url)
    peer = await connectPeer(app.url, cookie)
    await hostsRunning(peer)
    browser = await launchBrowser({ fakeCameras: 0 })
    driver = await openOperatePage(browser, new URL(app.url).origin, cookie)
    await driver.startSimulatedPair('pages', 'Put the red cube in the bin')
  })
  afterAll(async () => {
    await browser?.close()
    peer?.[Symbol.dispose]()
    await app?.[Symbol.asyncDispose]()
    if (app !== undefined) await leaveDatasets(app.dataDir)
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await driver?.page.screenshot({ path: failureShot(task.name) })
  })

  const driveState = (accept: (state: DriveState) => boolean): Promise<DriveState> =>
    latestOf<DriveState>((onItem, onEnd) => peer.client(drive).state(undefined, onItem, onEnd), accept)
  const recordState = (accept: (state: RecordState) => boolean): Promise<RecordState> =>
    latestOf<RecordState>((onItem, onEnd) => peer.client(record).state(undefined, onItem, onEnd), accept)

  test('a second page watches: it shows who drives, commands nothing, and its Esc stops the arm', async () => {
    await driver.holdUntil('Enter', 'matching', 'teleop')
    await driver.waitForMode('teleop')
    const holder = (await driveState(({ mode }) => mode === 'teleop')).lease.holder
    const watcher = await openOperatePage(browser, new URL(app.url).origin, cookie)
    await watcher.waitForMode('teleop')
    await watcher.tap('Space')
    await watcher.page.locator(liveFront).waitFor()
    await watcher.shoot('operate-watching')
    expect((await driveState(() => true)).lease.holder).toBe(holder)
    await watcher.tap('Escape')
    const stopped = await driveState(({ mode }) => mode === 'holding')
    expect(stopped.lease.holder).toBe(holder)
    await watcher.close()
  })

  test('a reload during a take closes it, says why, and the take can be kept', async () => {
    await driver.page.bringToFront()
    await driver.holdUntil('Enter', 'matching', 'teleop')
    await driver.waitForMode('teleop')
    await driver.startTake()
    const open = await recordState(({ take }) => take !== null && take.frames >= 30)
    await driver.page.reload()
    await driver.waitForTake('closed')
    const closed = await recordState(({ phase }) => phase === 'closed')
    expect(closed.take?.closedBy?.code).toBe('capture/lost')
    expect(closed.take?.frames).toBeGreaterThanOrEqual(open.take?.flushedFrames ?? 0)
    await driver.page.locator(liveFront).waitFor()
    await driver.shoot('take-closed')
    await driver.tap('ArrowRight')
    await recordState(({ session }) => session.some(({ state }) => state === 'saved'))
  })

  test('a discarded take comes back with Ctrl Z', async () => {
    await driver.holdUntil('Enter', 'matching', 'teleop')
    await driver.waitForMode('teleop')
    await driver.startTake()
    await recordState(({ take }) => take !== null && take.frames >= 20)
    await driver.tap('ArrowLeft')
    await recordState(({ trash, take }) => trash === 1 && take === null)
    await driver.page.getByTestId('toast').waitFor()
    await driver.tap('Control+z')
    const back = await recordState(({ trash, phase }) => trash === 0 && phase === 'closed')
    expect(back.take?.frames).toBeGreaterThanOrEqual(20)
  })

  test('Esc twice cuts the torque: the screen says that the arm falls', async () => {
    await driver.tap('Escape')
    await driver.tap('Escape')
    await driver.waitForMode('eStop')
    await driver.shoot('operate-estop')
    const state = await driveState(({ mode }) => mode === 'eStop')
    expect(state.follower?.torque).toBe('off')
    expect(state.monitorViolations).toBe(0)
  })

  test('the same screen speaks Chinese, in light', async () => {
    await peer.client(shell).changeSettings({ language: 'zh', theme: 'light' })
    await driver.page.getByText('急停').first().waitFor()
    await driver.shoot('operate-estop-zh-light')
    await driver.holdUntil('Enter', 'holding')
    await driver.shoot('operate-holding-zh-light')
    expect(driver.problems).toEqual([])
  })
})
