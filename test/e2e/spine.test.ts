/**
 * The whole way of a first session, in a real browser with the real hosts: connect, teleoperate by the scripted operator,
 * record two takes, hand the arm to the policy and take it back inside the second one, review both, delete one, undo.
 */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState } from '#contract/services/drive.ts'
import { library } from '#contract/services/library.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { sim, type OperatorState } from '#contract/services/sim.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir, failureShot, leaveDatasets } from './data-dir.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

const dataset = 'cube-in-bin'

describe('a first session on the simulated pair', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let operate: OperatePage

  beforeAll(async () => {
    app = await startApp({ dataDir: await e2eDataDir('spine') })
    const cookie = await sessionCookie(app.url)
    peer = await connectPeer(app.url, cookie)
    await hostsRunning(peer)
    browser = await launchBrowser()
    operate = await openOperatePage(browser, new URL(app.url).origin, cookie)
  })

  afterAll(async () => {
    await browser?.close()
    peer?.[Symbol.dispose]()
    await app?.[Symbol.asyncDispose]()
    if (app !== undefined) await leaveDatasets(app.dataDir)
  })

  // A picture of what a person would have seen: shots are for looking at, results for finding out.
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await operate?.page.screenshot({ path: failureShot(task.name) })
  })

  const recordState = (accept: (state: RecordState) => boolean): Promise<RecordState> =>
    latestOf((onItem, onEnd) => peer.client(record).state(undefined, onItem, onEnd), accept)
  const recordedFrames = (frames: number): Promise<RecordState> =>
    recordState(({ take }) => take !== null && take.frames >= frames)

  test('the first screen offers the simulated pair, and one key connects it', async () => {
    await operate.page.getByTestId('first-run').waitFor()
    await operate.shoot('first-run')
    await operate.startSimulatedPair(dataset, 'Put the red cube in the bin')
    await operate.waitForMode('idle')
    await operate.shoot('operate-idle')
  })

  test('holding Enter aligns the follower with the leader, then the human drives', async () => {
    await operate.holdUntil('Enter', 'matching', 'teleop')
    await operate.waitForMode('teleop')
  })

  test('the scripted operator puts the cube in the bin while the first take is recorded', async () => {
    await operate.startTake()
    await operate.tap('d')
    await recordedFrames(60)
    await operate.shoot('operate-teleop-recording')
    const inBin = latestOf<OperatorState>(
      (onItem, onEnd) => peer.client(sim).operator(undefined, onItem, onEnd),
      (state) => state.cubesInBin.includes('red'),
    )
    await operate.driveUntil(inBin)
    await operate.tap('s')
    await operate.tap('ArrowRight')
    const saved = await recordState(({ session }) => session.some(({ state }) => state === 'saved'))
    expect(saved.session[0]).toMatchObject({ outcome: 'success', state: 'saved' })
  })

  test('the policy is shown as what it is, checked against the rig, and made ready', async () => {
    const { page } = operate
    await operate.tap('Control+3')
    await page.getByTestId('policy-row-analytic-reach').click()
    await operate.tap('Enter')
    await latestOf<DriveState>(
      (onItem) => peer.client(drive).state(undefined, onItem),
      ({ policy }) => policy?.isWarm === true,
    )
    expect(await page.locator('[data-testid^="check-"][data-status="fail"]').count()).toBe(0)
    await operate.shoot('policies')
    await operate.tap('Control+1')
  })

  test('the second take holds a hand-over to the policy and a take-over back', async () => {
    await operate.startTake()
    await recordedFrames(20)
    await operate.holdUntil('Tab', 'policy')
    const { take } = await recordState(() => true)
    await recordedFrames((take?.frames ?? 0) + 45)
    await operate.shoot('operate-policy')
    await operate.tap('t')
    await operate.driveUntil(operate.waitForMode('teleop'))
    const back = await recordState(() => true)
    await recordedFrames((back.take?.frames ?? 0) + 20)
    await operate.tap('ArrowRight')
    await recordState(({ session }) => session.filter(({ state }) => state === 'saved').length === 2)
  })

  test('every frame says who drove, and rows and pictures are equally many', async () => {
    const [set] = await peer.client(library).datasets(undefined)
    expect(set).toMatchObject({ name: dataset, episodes: 2, fault: null })
    const dir = set?.dir ?? ''
    const second = await peer.client(library).episode({ dir, episodeIndex: 1 })
    const sources = new Set(second.columns.find(({ name }) => name === 'foresight.source')?.values)
    // Hold (0) may be among them: a busy machine stops the arm when the page falls silent.
    expect([...sources]).toEqual(expect.arrayContaining([1, 2, 3]))
    for (const video of second.videos)
      expect(Math.round((video.toSeconds - video.fromSeconds) * second.fps)).toBe(second.summary.frames)
  })

  test('both takes are reviewed; one is deleted and put back', async () => {
    const { page } = operate
    await operate.holdUntil('q', 'idle')
    await operate.tap('Control+2')
    await page.getByTestId('episode-row-1').waitFor()
    await operate.shoot('review-library')
    await page.getByTestId('episode-row-1').click()
    await operate.tap('Enter')
    await page.getByTestId('playback-front').waitFor()
    await operate.tap('Space')
    await operate.shoot('review-episode')
    await operate.tap('Escape')
    await page.getByTestId('episode-row-1').click()
    await operate.tap('Delete')
    await page.getByTestId('episode-row-1').waitFor({ state: 'detached' })
    await operate.tap('Control+z')
    await page.getByTestId('episode-row-1').waitFor()
  })

  test('no limit was exceeded, and the page reported no error', async () => {
    const state = await latestOf<DriveState>((onItem) => peer.client(drive).state(undefined, onItem))
    expect(state.monitorViolations).toBe(0)
    expect(operate.problems).toEqual([])
  })
})
