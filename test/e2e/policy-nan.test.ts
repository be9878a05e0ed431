/** A policy whose numbers run away while it drives: the arm holds, the screen says why, no goal was ever anything but a number. */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState } from '#contract/services/drive.ts'
import { sim } from '#contract/services/sim.ts'
import { startApp, type TestApp } from './app.ts'
import { launchBrowser } from './browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from './contract-client.ts'
import { e2eDataDir } from './data-dir.ts'
import { writeNanPolicy } from './harness/nan-policy.ts'
import { openOperatePage, type OperatePage } from './operate-page.ts'

describe('a policy that answers something that is no number', () => {
  let app: TestApp
  let browser: Browser
  let peer: Connection
  let opened: OperatePage

  beforeAll(async () => {
    const dataDir = await e2eDataDir('policy-nan')
    // The cube stands at y = 0.055 and will be carried to and fro between −0.05 and 0.13.
    await writeNanPolicy(join(dataDir, 'policies', 'breaks'), 0.08)
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

  const driveState = (accept: (state: DriveState) => boolean): Promise<DriveState> =>
    latestOf<DriveState>((onItem) => peer.client(drive).state(undefined, onItem), accept)

  test('never reaches a servo: the arm holds at the last good action and says why', async () => {
    const { page } = opened
    await opened.startSimulatedPair('nan', 'Hold still')
    await opened.tap('Control+3')
    await page.getByTestId('policy-row-own/breaks').click()
    await opened.tap('Enter')
    await driveState(({ policy }) => policy?.isWarm === true)
    await opened.tap('Control+1')
    await opened.holdUntil('Enter', 'matching', 'teleop')
    await opened.driveUntil(opened.waitForMode('teleop'))
    await opened.holdUntil('Tab', 'policy')

    let goals = 0
    let strange = 0
    using telemetry = peer.client(drive).telemetry({ maxHz: 60 }, ({ sent }) => {
      goals += sent.length
      // NaN stands for "nothing was sent"; infinite would be a goal that is no number.
      strange += sent.filter((value) => !Number.isFinite(value) && !Number.isNaN(value)).length
    })
    await peer.client(sim).moveTarget({ seed: 3 })
    const held = await driveState(({ mode, cause }) => mode === 'holding' && cause !== null)
    expect(held.cause?.code).toMatch(/^policy\/(?:not-finite|used-up)$/u)
    await page.locator('[data-testid="source-badge"][data-mode="holding"]').waitFor()
    await opened.shoot('operate-policy-nan')
    expect(goals).toBeGreaterThan(0)
    expect(strange).toBe(0)
    expect(held.monitorViolations).toBe(0)
    expect(held.follower?.torque).toBe('on')
    void telemetry
  })

  test('cannot be given the arm again while it is broken, and the reason stands beside the command', async () => {
    const state = await driveState(({ commands }) => commands.giveToPolicy !== null)
    expect(state.commands.giveToPolicy?.code).toMatch(/^policy\/|^control\//u)
    await opened.holdUntil('q', 'idle')
    expect(opened.problems).toEqual([])
  })
})
