/**
 * A checkpoint from its folder to an evaluation: imported on the page, checked against the simulated rig, warmed up, given the
 * arm inside a take and taken back, run over a recorded episode, and what it foresaw looked at beside what came.
 */
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState, type ExecutorState, type PlanMessage } from '#contract/services/drive.ts'
import { pictures, type Prediction } from '#contract/services/pictures.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { TempDataset } from '../fixtures/datasets/temp-dataset.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir, failureShot } from './data-dir.ts'
import { writeSoCheckpoint } from './harness/so-checkpoint.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

const waitMs = 60_000

describe('an InternVLA-A1 checkpoint', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let opened: OperatePage
  let checkpoint = ''

  beforeAll(async () => {
    const dataDir = await e2eDataDir('internvla')
    checkpoint = join(dataDir, 'downloads', 'InternVLA-A1 cube ü')
    await writeSoCheckpoint(checkpoint)
    using dataset = await TempDataset.create()
    await dataset.add([2])
    await mkdir(join(dataDir, 'datasets'), { recursive: true })
    await cp(dataset.root, join(dataDir, 'datasets', 'recorded'), { recursive: true })
    app = await startApp({ dataDir })
    const cookie = await sessionCookie(app.url)
    peer = await connectPeer(app.url, cookie)
    await hostsRunning(peer)
    browser = await launchBrowser({ fakeCameras: 0 })
    opened = await openOperatePage(browser, new URL(app.url).origin, cookie)
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
    latestOf<DriveState>((onItem) => peer.client(drive).state(undefined, onItem), accept)

  /** On a busy machine the arm may come to rest; a person then engages and gives it again. */
  const inPolicy = async (): Promise<void> => {
    for (;;) {
      const { mode } = await driveState((state) => state.mode !== 'slowStop' && state.mode !== 'blend')
      if (mode === 'policy') return
      if (mode !== 'teleop') await opened.holdUntil('Enter', 'matching', 'teleop')
      await opened.driveUntil(opened.waitForMode('teleop'))
      await opened.holdUntil('Tab', 'policy')
    }
  }
  /** Gives the arm to the policy again and again until `done` is. */
  const whilePolicyDrives = async <T>(done: Promise<T>): Promise<T> => {
    let isDone = false
    const end = done.finally(() => (isDone = true))
    const keep = async (): Promise<void> => {
      while (!isDone) {
        await inPolicy()
        await Promise.race([end, driveState(({ mode }) => mode !== 'policy')])
      }
    }
    const [value] = await Promise.all([end, keep()])
    return value
  }
  const takenOver = async (): Promise<DriveState['takeOver']> => {
    for (;;) {
      await inPolicy()
      await opened.tap('t')
      const { takeOver } = await driveState(({ mode }) => mode !== 'policy')
      if (takeOver !== null) return takeOver
    }
  }

  test('is looked into and imported from its folder', async () => {
    const { page } = opened
    await opened.startSimulatedPair('policy-takes', 'Put the red cube in the bin')
    await opened.tap('Control+3')
    await page.getByTestId('policy-import').click()
    // Typed half, taken from the list by keys.
    await page.getByTestId('import-path').fill(join(dirname(checkpoint), 'intern'))
    await page.getByTestId('import-near').filter({ hasText: 'cube ü' }).waitFor()
    await opened.shoot('policies-nearby')
    await opened.tap('ArrowDown')
    await opened.tap('Enter')
    await page.getByTestId('import-report').waitFor()
    await opened.shoot('policies-import')
    await page.getByTestId('import-name').fill('InternVLA-A1 cube')
    await page.getByTestId('import-start').click()
    await page
      .locator('[data-testid^="policy-row-"]', { hasText: 'InternVLA-A1 cube' })
      .waitFor({ timeout: waitMs })
  })

  test('fits the simulated rig and is warmed up', async () => {
    const { page } = opened
    await page.getByTestId('check-robot').and(page.locator('[data-status="ok"]')).waitFor()
    expect(await page.locator('[data-testid^="check-"][data-status="fail"]').allTextContents()).toEqual([])
    await opened.tap('Enter')
    await driveState(({ policy }) => policy?.isWarm === true)
    await page.getByTestId('policy-cost').waitFor()
    await opened.shoot('policies')
  })

  test('is given the arm inside a take, foresees while it drives, and gives it back at a key', async () => {
    const { page } = opened
    await opened.tap('Control+1')
    await opened.holdUntil('Enter', 'matching', 'teleop')
    await opened.driveUntil(opened.waitForMode('teleop'))
    const before = latestOf<PlanMessage | null>(
      (onItem) => peer.client(drive).plan(undefined, onItem),
      (plan) => plan !== null && plan.length === 50,
    )
    expect((await before)?.joints).toBe(6)
    await opened.startTake()
    await opened.holdUntil('Tab', 'policy')
    const foreseen = await whilePolicyDrives(
      latestOf<Prediction>(
        (onItem) => peer.client(pictures).predictions(undefined, onItem),
        ({ views }) => views.length > 0,
      ),
    )
    expect(foreseen.dueUs - foreseen.observationUs).toBeCloseTo(500_000, -3)
    const joined = await whilePolicyDrives(
      latestOf<ExecutorState | null>(
        (onItem) => peer.client(drive).executor(undefined, onItem),
        (executor) =>
          executor !== null &&
          (executor.guidedShare ?? 0) > 0 &&
          executor.delayP50Ms !== null &&
          'infer' in executor.stagesMs,
      ),
    )
    expect(joined?.settings.mode).toBe('rtc')
    expect(Object.keys(joined?.stagesMs ?? {})).toEqual(
      expect.arrayContaining(['captureAge', 'preprocess', 'infer']),
    )
    const shown = ['[data-testid^="foresight-"] canvas', '[data-testid="latency"]', '[data-testid="chunk"]']
    await whilePolicyDrives(
      Promise.all(shown.map(async (part) => page.locator(part).first().waitFor({ timeout: waitMs }))),
    )
    await inPolicy()
    await opened.shoot('operate-foresight')
    const taken = await takenOver()
    expect(taken?.ticks).toBe(1)
    await opened.driveUntil(opened.waitForMode('teleop'))
    await opened.tap('ArrowRight')
    await latestOf<RecordState>(
      (onItem) => peer.client(record).state(undefined, onItem),
      ({ session }) => session.some(({ state }) => state === 'saved'),
    )
    const state = await driveState(() => true)
    expect(state.monitorViolations).toBe(0)
    await opened.holdUntil('q', 'idle')
  })

  test('is run over an episode, and what it foresaw stands above what came', async () => {
    const { page } = opened
    await opened.tap('Control+2')
    await page.getByTestId('dataset-row-recorded').click()
    await page.getByTestId('episode-row-0').dblclick()
    await page.getByTestId('open-loop-stride').selectOption('15')
    await page.getByTestId('open-loop-run').click()
    await page.getByTestId('open-loop-scores').waitFor({ timeout: waitMs })
    await page.getByTestId('open-loop-run').waitFor({ timeout: waitMs })
    await opened.tap('v')
    await page.locator('[data-testid="foresight-pairs"] canvas').first().waitFor()
    await opened.shoot('review-foresight')
  })

  test('and no page had an error', () => {
    expect(opened.problems).toEqual([])
  })
})
