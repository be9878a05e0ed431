/** A policy of one's own, from the list to an evaluation over a recorded episode: real hosts, real decoders, no rig. */
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { library } from '#contract/services/library.ts'
import { errorFigure } from '#renderer/review/episode/open-loop/open-loop-state.ts'
import { sourceFps, sourceHeight, sourceLengths, sourceWidth } from '../fixtures/datasets/h264-source.ts'
import { TempDataset } from '../fixtures/datasets/temp-dataset.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, sessionCookie } from './contract-client.ts'
import { e2eDataDir, failureShot } from './data-dir.ts'
import { holdChunk, writeHoldPolicy } from './harness/hold-policy.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

const camera = { name: 'front', width: sourceWidth, height: sourceHeight }

describe('a policy of one’s own', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let opened: OperatePage

  beforeAll(async () => {
    const dataDir = await e2eDataDir('policy')
    using dataset = await TempDataset.create()
    await dataset.add([0])
    await mkdir(join(dataDir, 'datasets'), { recursive: true })
    await cp(dataset.root, join(dataDir, 'datasets', 'recorded'), { recursive: true })
    await writeHoldPolicy(join(dataDir, 'policies', 'hold-still'), { camera, fps: sourceFps })
    await writeHoldPolicy(join(dataDir, 'policies', 'other-rate'), { camera, fps: 10 })
    await writeHoldPolicy(join(dataDir, 'policies', 'eye'), {
      camera: { ...camera, name: 'eye' },
      fps: sourceFps,
    })
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

  const load = async (name: string): Promise<void> => {
    const { page } = opened
    await opened.tap('Control+3')
    await page.getByTestId(`policy-row-own/${name}`).click()
    await page.getByTestId('policy-load').click()
    await page.locator('[data-testid="bench-start"]:not(:disabled)').waitFor()
  }

  test('is loaded by a key and measured stage by stage', async () => {
    const { page } = opened
    await load('hold-still')
    await page.getByTestId('bench-runs').selectOption('10')
    await page.getByTestId('bench-start').click()
    await page.locator('[data-testid="policy-bench"] [data-stage="infer"]').waitFor()
  })

  test('is run over an episode: its chunks are scored as reckoned here, and drawn beside what was recorded', async () => {
    const { page } = opened
    await opened.tap('Control+2')
    await page.getByTestId('dataset-row-recorded').click()
    await page.getByTestId('episode-row-0').dblclick()
    await page.getByTestId('open-loop-run').click()
    await page.getByTestId('open-loop-run').waitFor()
    await page.getByTestId('open-loop-scores').waitFor()

    const { dir } = (await peer.client(library).datasets(undefined))[0] ?? { dir: '' }
    const { columns } = await peer.client(library).episode({ dir, episodeIndex: 0 })
    const valuesOf = (key: string): Float64Array =>
      columns.find(({ name }) => name === key)?.values ?? new Float64Array()
    const [state, action] = [valuesOf('observation.state'), valuesOf('action')]
    let sum = 0
    const frames = sourceLengths[0] ?? 0
    for (let frame = 0; frame < frames; frame += 1)
      for (let joint = 0; joint < 6; joint += 1) {
        const held = state[(frame - (frame % holdChunk)) * 6 + joint] ?? Number.NaN
        const asked = joint === 5 ? Math.min(100, Math.max(0, held)) : held
        sum += (asked - (action[frame * 6 + joint] ?? Number.NaN)) ** 2
      }
    const scores = await page.getByTestId('open-loop-scores').textContent()
    expect(await page.getByTestId('open-loop-mse').textContent()).toBe(errorFigure(sum / frames / 6))
    expect(scores).toContain(`${frames} of ${frames} frames`)
    await opened.shoot('review-open-loop')
  })

  test('that does not fit the episode says which line does not', async () => {
    const { page } = opened
    await load('other-rate')
    await opened.tap('Control+2')
    await page.getByTestId('open-loop-run').click()
    const misfit = page.getByTestId('open-loop-misfit')
    await misfit.waitFor()
    expect(await misfit.textContent()).toContain('Rate')
  })

  test('sees through the camera that a person chooses for its slot, shown live, and then fits', async () => {
    const { page } = opened
    await opened.tap('Control+1')
    await opened.startSimulatedPair('mapped', 'Put the red cube in the bin')
    await opened.tap('Control+3')
    await page.getByTestId('policy-row-own/eye').click()
    const line = page.getByTestId('check-camera.eye')
    await line.and(page.locator('[data-status="fail"]')).waitFor()
    await page.getByTestId('map-eye').selectOption('top')
    await line.and(page.locator(':not([data-status="fail"])')).waitFor()
    await page.locator('[data-testid="slot-eye"] canvas').waitFor()
    await page.locator('[data-testid="policy-load"]:not(:disabled)').waitFor()
    await opened.shoot('policies-mapping')
  })

  test('and no page had an error', () => {
    expect(opened.problems).toEqual([])
  })
})
