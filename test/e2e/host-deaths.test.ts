/** A process dies while the arm moves: what the arm does, what the screen says, and how a person goes on. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState } from '#contract/services/drive.ts'
import { shell, type HostStatus } from '#contract/services/shell.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir, failureShot } from './data-dir.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

describe('a process that dies while the arm moves', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let opened: OperatePage

  beforeAll(async () => {
    app = await startApp({ dataDir: await e2eDataDir('deaths') })
    const cookie = await sessionCookie(app.url)
    peer = await connectPeer(app.url, cookie)
    await hostsRunning(peer)
    browser = await launchBrowser({ fakeCameras: 0 })
    opened = await openOperatePage(browser, new URL(app.url).origin, cookie)
    await opened.startSimulatedPair('deaths', 'Hover over the red cube')
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
  const host = async (
    name: HostStatus['name'],
    accept: (status: HostStatus) => boolean,
  ): Promise<HostStatus> => {
    const hosts = await latestOf<readonly HostStatus[]>(
      (onItem, onEnd) => peer.client(shell).hosts(undefined, onItem, onEnd),
      (list) => list.some((status) => status.name === name && accept(status)),
    )
    const found = hosts.find((status) => status.name === name)
    if (found === undefined) throw new Error(`no host ${name}`)
    return found
  }
  const kill = async (name: HostStatus['name']): Promise<number> => {
    const { pid } = await host(name, ({ status }) => status === 'running')
    process.kill(pid ?? 0, 'SIGKILL')
    return pid ?? 0
  }

  test('the policy’s, while it drives: the arm holds, powered, and the screen names the process', async () => {
    const { page } = opened
    await opened.tap('Control+3')
    await page.getByTestId('policy-row-analytic-reach').click()
    await opened.tap('Enter')
    await driveState(({ policy }) => policy?.isWarm === true)
    await opened.tap('Control+1')
    await opened.holdUntil('Enter', 'matching', 'teleop')
    await opened.waitForMode('teleop')
    await opened.holdUntil('Tab', 'policy')
    const pid = await kill('policy')
    const held = await driveState(({ mode, cause }) => mode === 'holding' && cause !== null)
    expect(held.cause?.code).toBe('policy/host-down')
    expect(held.follower?.torque).toBe('on')
    expect(held.monitorViolations).toBe(0)
    await opened.waitForMode('holding')
    await opened.shoot('operate-policy-host-dead')
    await host('policy', (status) => status.status === 'running' && status.pid !== pid)
  })

  test('once it runs again, it is warm again and may be given the arm; nobody gives it but a person', async () => {
    const back = await driveState(({ policy, mode }) => policy?.isWarm === true && mode === 'holding')
    expect(back.source).toBe('hold')
    await opened.holdUntil('Enter', 'matching', 'teleop')
    await opened.waitForMode('teleop')
    await opened.holdUntil('Tab', 'policy')
    await opened.tap('t')
    await driveState(({ mode }) => mode === 'teleop' || mode === 'holding')
  })

  test('the rig’s: the page says that Esc does not reach the arm; restarted, the arm is held and waits for a person', async () => {
    const { page } = opened
    await opened.holdUntil('Enter', 'matching', 'teleop')
    await opened.waitForMode('teleop')
    const said = page.getByText('Esc cannot reach the arm').waitFor()
    const pid = await kill('rig')
    await said
    await host('rig', (status) => status.status === 'running' && status.pid !== pid)
    await page.getByTestId('first-run').waitFor()
    await page.getByText('The link to the arm broke').waitFor()
    // A page that was not there when it happened says the same of the arm.
    await page.reload()
    await page.getByText('An arm may still hold').waitFor()
    await opened.shoot('first-run-arm-left')
    await opened.tap('Enter')
    const first = await driveState(({ mode, follower }) => mode !== 'idle' || follower !== null)
    expect(first.mode).toBe('holding')
    const held = await driveState(({ follower }) => follower !== null)
    // As the servos were found: nobody switched torque on in this session.
    expect(held).toMatchObject({ mode: 'holding', follower: { torque: 'on' } })
    expect(held.heldSince).not.toBeNull()
    expect(held.monitorViolations).toBe(0)
    await opened.waitForMode('holding')
    await opened.shoot('operate-held-after-death')
    await opened.holdUntil('Enter', 'matching', 'teleop')
    await opened.waitForMode('teleop')
    await opened.holdUntil('q', 'idle')
  })
})
