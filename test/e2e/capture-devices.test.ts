/**
 * Real cameras with the real hosts, as far as a browser's invented cameras are real: their pictures' stamps must prove to be
 * the rig's own clock, and a take of theirs must be saved whole.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState } from '#contract/services/drive.ts'
import { library } from '#contract/services/library.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { rig, type RigConfig } from '#contract/services/rig.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir } from './data-dir.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

const camera = (name: string): RigConfig['cameras'][number] => ({
  name,
  kind: 'device',
  width: 640,
  height: 480,
})

const rigWithDevices: RigConfig = {
  name: 'with-devices',
  robotType: 'so_follower',
  follower: { port: { kind: 'simulated' }, calibrationPath: null },
  leader: { port: { kind: 'simulated' }, calibrationPath: null },
  cameras: [camera('left'), camera('right')],
  fps: 30,
}

describe('a take with real cameras', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let operate: OperatePage

  beforeAll(async () => {
    app = await startApp({ dataDir: await e2eDataDir('capture-devices') })
    const cookie = await sessionCookie(app.url)
    peer = await connectPeer(app.url, cookie)
    await hostsRunning(peer)
    browser = await launchBrowser()
    operate = await openOperatePage(browser, new URL(app.url).origin, cookie)
    await operate.page.getByTestId('first-run').waitFor()
    await peer.client(rig).connect(rigWithDevices)
    await operate.page.getByTestId('camera-left').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    peer?.[Symbol.dispose]()
    await app?.[Symbol.asyncDispose]()
  })

  const recordState = (accept: (state: RecordState) => boolean): Promise<RecordState> =>
    latestOf((onItem, onEnd) => peer.client(record).state(undefined, onItem, onEnd), accept)

  test('their pictures carry the rig’s own time, so their age is known', async () => {
    for (const name of ['left', 'right']) {
      const tile = operate.page.locator(`[data-testid="camera-${name}"][data-status="live"]`)
      await tile.waitFor()
      // An age is shown only when the stamps proved to be the machine's clock.
      await tile.getByText(/\d ms/u).waitFor()
      expect(await tile.innerText()).toMatch(/\d fps|\d\.\d/u)
    }
  })

  test('a take of theirs is saved whole, with capture times that fit the rows', async () => {
    const { page } = operate
    await page.getByTestId('dataset-panel').waitFor()
    await page.getByTestId('dataset-dataset').fill('from-devices')
    await page.getByTestId('dataset-task').fill('Look')
    await page.getByTestId('dataset-choose').click()
    await recordState(({ blocker, phase }) => blocker === null && phase === 'ready')
    await latestOf<DriveState>(
      (onItem, onEnd) => peer.client(drive).state(undefined, onItem, onEnd),
      ({ commands }) => commands.engage === null,
    )
    await operate.holdUntil('Enter', 'matching', 'teleop')
    await operate.waitForMode('teleop')
    await operate.tap('ArrowRight')
    await operate.waitForTake('recording')
    await recordState(({ take }) => take !== null && take.flushedFrames >= 60)
    await operate.tap('ArrowRight')
    const saved = await recordState(({ session }) => session.some(({ state }) => state === 'saved'))
    expect(saved.failure).toBeNull()

    const datasets = await peer.client(library).datasets(undefined)
    const dir = datasets.find(({ name }) => name === 'from-devices')?.dir ?? ''
    const { summary, columns, videos } = await peer.client(library).episode({ dir, episodeIndex: 0 })
    expect(videos.map((video) => video.camera).toSorted()).toEqual(['left', 'right'])
    for (const video of videos)
      expect(Math.round((video.toSeconds - video.fromSeconds) * 30)).toBe(summary.frames)
    for (const name of ['left', 'right']) {
      const times = columns.find((column) => column.name === `foresight.capture_ns.${name}`)?.values
      expect(times).toHaveLength(summary.frames)
      expect(times?.every((ns, i) => i === 0 || ns >= (times[i - 1] ?? 0))).toBe(true)
    }
    expect(summary.skewP95Ms).not.toBeNull()
  })
})

describe('a page that may not use the cameras', () => {
  test('says so at the camera and at the key that would start a take, which stays unstarted', async () => {
    const app = await startApp({ dataDir: await e2eDataDir('capture-refused') })
    const browser = await launchBrowser({ areCamerasRefused: true })
    try {
      const cookie = await sessionCookie(app.url)
      using peer = await connectPeer(app.url, cookie)
      await hostsRunning(peer)
      const opened = await openOperatePage(browser, new URL(app.url).origin, cookie)
      const { page } = opened
      await page.getByTestId('first-run').waitFor()
      await peer.client(rig).connect(rigWithDevices)
      await page.locator('[data-testid="camera-left"][data-status="fault"]').waitFor()
      await page.getByTestId('dataset-choose').click()
      await page.getByTestId('dataset-panel').waitFor({ state: 'detached' })
      await opened.holdUntil('Enter', 'matching', 'teleop')
      const start = page.getByTestId('command-operate.startTake')
      await start.getByText('this page may not use the camera: left').waitFor()
      await opened.tap('ArrowRight')
      await page.getByTestId('line-refusal').getByText('this page may not use the camera').waitFor()
      const { phase } = await latestOf<RecordState>((onItem, onEnd) =>
        peer.client(record).state(undefined, onItem, onEnd),
      )
      expect(phase).toBe('ready')
    } finally {
      await browser.close()
      await app[Symbol.asyncDispose]()
    }
  })
})
