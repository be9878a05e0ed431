/** What goes wrong while a take is recorded: a process that dies beside it, a dataset folder that somebody moves away. No take is lost, and the page says what to do. */
import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState } from '#contract/services/drive.ts'
import { library } from '#contract/services/library.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { shell, type HostStatus } from '#contract/services/shell.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir, failureShot } from './data-dir.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

describe('a bad day while a take is recorded', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let opened: OperatePage
  let root = ''

  beforeAll(async () => {
    app = await startApp({ dataDir: await e2eDataDir('bad-days') })
    root = join(app.dataDir, 'datasets', 'bad-days')
    const cookie = await sessionCookie(app.url)
    peer = await connectPeer(app.url, cookie)
    await hostsRunning(peer)
    browser = await launchBrowser({ fakeCameras: 0 })
    opened = await openOperatePage(browser, new URL(app.url).origin, cookie)
    await opened.startSimulatedPair('bad-days', 'Hover over the red cube')
  })
  afterAll(async () => {
    await browser?.close()
    peer?.[Symbol.dispose]()
    await app?.[Symbol.asyncDispose]()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened?.page.screenshot({ path: failureShot(task.name) })
  })

  const driveState = (accept: (state: DriveState) => boolean): Promise<DriveState> =>
    latestOf<DriveState>((onItem, onEnd) => peer.client(drive).state(undefined, onItem, onEnd), accept)
  const recordState = (accept: (state: RecordState) => boolean): Promise<RecordState> =>
    latestOf<RecordState>((onItem, onEnd) => peer.client(record).state(undefined, onItem, onEnd), accept)
  const hostPid = async (name: HostStatus['name'], not: number | null): Promise<number> => {
    const hosts = await latestOf<readonly HostStatus[]>(
      (onItem, onEnd) => peer.client(shell).hosts(undefined, onItem, onEnd),
      (list) => list.some((host) => host.name === name && host.status === 'running' && host.pid !== not),
    )
    return hosts.find((host) => host.name === name)?.pid ?? 0
  }
  const startTake = async (): Promise<void> => {
    await opened.holdUntil('Enter', 'matching', 'teleop')
    await opened.waitForMode('teleop')
    await opened.startTake()
    await recordState(({ take }) => take !== null && take.frames >= 15)
  }
  const saveTake = async (episodes: number): Promise<void> => {
    await opened.tap('ArrowRight')
    await recordState(({ dataset, saving }) => dataset?.episodes === episodes && saving.length === 0)
    const listed = await peer.client(library).datasets(undefined)
    expect(listed).toMatchObject([{ name: 'bad-days', fault: null, episodes }])
  }

  test('the library’s process dies: the take goes on, is saved, and the library lists it when it is back', async () => {
    await startTake()
    const pid = await hostPid('library', null)
    const before = await recordState(() => true)
    process.kill(pid, 'SIGKILL')
    await hostPid('library', pid)
    const after = await recordState(({ take }) => (take?.frames ?? 0) > (before.take?.frames ?? 0) + 10)
    expect(after).toMatchObject({ phase: 'recording', take: { takeId: before.take?.takeId } })
    await saveTake(1)
  })

  test('the policy’s process dies while it drives: the arm holds, the screen says why, and the take goes on', async () => {
    const { page } = opened
    await opened.tap('Control+3')
    await page.getByTestId('policy-row-analytic-reach').click()
    await opened.tap('Enter')
    await driveState(({ policy }) => policy?.isWarm === true)
    await opened.tap('Control+1')
    await startTake()
    await opened.holdUntil('Tab', 'policy')
    process.kill(await hostPid('policy', null), 'SIGKILL')
    const held = await driveState(({ mode, cause }) => mode === 'holding' && cause !== null)
    expect(held.cause?.code).toBe('policy/host-down')
    await page.getByTestId('line-cause').getByText('The program that runs policies ended').waitFor()
    const before = await recordState(({ phase }) => phase === 'recording')
    await recordState(({ take }) => (take?.frames ?? 0) > (before.take?.frames ?? 0) + 10)
    await saveTake(2)
  })

  test('the dataset’s folder is moved away: nothing appears in its place, the take waits, and is kept once it is back', async () => {
    const { page } = opened
    await startTake()
    await rename(root, `${root}-elsewhere`)
    await opened.tap('ArrowRight')
    const failure = page.getByTestId('line-failure')
    await failure.getByText('The dataset’s folder is gone').waitFor()
    expect(await failure.textContent()).toContain(root)
    await page.getByTestId('line-recovered').getByText('waits to be saved').waitFor()
    await opened.shoot('operate-dataset-gone')
    await peer.client(shell).changeSettings({ language: 'zh' })
    await failure.getByText('数据集文件夹不见了').waitFor()
    await peer.client(shell).changeSettings({ language: 'en' })
    expect(existsSync(root)).toBe(false)
    await rename(`${root}-elsewhere`, root)
    await saveTake(3)
    await failure.waitFor({ state: 'detached' })
    expect(opened.problems).toEqual([])
  })
})
