/** The bench's scene: a real browser, three cameras recording, the scripted operator driving, then a hand-over to the policy and back. */
import type { Connection } from '#contract/rpc/connect.ts'
import { drive, type DriveState } from '#contract/services/drive.ts'
import { record, type RecordState } from '#contract/services/record.ts'
import { sim, type WorldPose } from '#contract/services/sim.ts'
import { startApp } from '../e2e/app.ts'
import { launchBrowser } from '../e2e/browser.ts'
import { connectPeer, hostsRunning, latestOf, sessionCookie } from '../e2e/contract-client.ts'
import { openOperatePage } from '../e2e/operate-page.ts'
import { MotionMeter, type MotionPeak } from './motion.ts'
import { spreadOf, type Spread } from './percentiles.ts'

export interface RecordingFigures {
  /** Process start to the address printed, to the drive state answered, to the page drawn; milliseconds. */
  readonly addressMs: number
  readonly stateMs: number
  readonly pageMs: number
  readonly lateness: Spread
  readonly rateHz: number
  readonly overruns: number
  readonly busLost: number
  readonly busRequests: number
  readonly frames: number
  readonly repeats: Readonly<Record<string, number>>
  /** Key pressed to the next take armed; milliseconds. */
  readonly saveToArmedMs: number
  readonly teleop: MotionPeak
  readonly handOver: MotionPeak
  /** Key pressed to the first tick under human control; milliseconds, page and browser included. */
  readonly takeOverMs: number
  /** Of those, the rig host's own part: receipt to the first tick on which the policy no longer drove. */
  readonly takeOver: NonNullable<DriveState['takeOver']> | null
  readonly violations: number
  readonly simSpeed: number
}

const nowMs = (): number => performance.now()

/** Runs the scene; `seconds` of recording. `during` runs while the take records, for comparisons under the same load. */
export async function benchRecording(
  dataDir: string,
  seconds: number,
  during: () => Promise<void>,
): Promise<RecordingFigures> {
  const startedMs = nowMs()
  await using app = await startApp({ dataDir })
  const addressMs = nowMs() - startedMs
  const cookie = await sessionCookie(app.url)
  using peer = await connectPeer(app.url, cookie)
  await hostsRunning(peer)
  const driveNow = driveWatcher(peer)
  await driveNow(() => true)
  const stateMs = nowMs() - startedMs
  const browser = await launchBrowser({ fakeCameras: 0 })
  try {
    const pageStartMs = nowMs()
    const operate = await openOperatePage(browser, new URL(app.url).origin, cookie)
    await operate.page.getByTestId('first-run').waitFor()
    const pageMs = nowMs() - pageStartMs
    await operate.startSimulatedPair('bench', 'Put the red cube in the bin')
    await operate.holdUntil('Enter', 'matching', 'teleop')
    await operate.waitForMode('teleop')
    await peer.client(drive).lateness(undefined)
    const motion = { teleop: new MotionMeter(), handOver: new MotionMeter() }
    let meter = motion.teleop
    using _telemetry = peer.client(drive).telemetry({ maxHz: 60 }, (batch) => meter.take(batch))
    await operate.tap('ArrowRight')
    await operate.waitForTake('recording')
    await operate.tap('d')
    const recording = recordWatcher(peer)
    const fps = (await recording(({ dataset }) => dataset !== null)).dataset?.fps ?? 30
    await during()
    const full = await recording(({ take }) => take !== null && take.frames >= seconds * fps)
    const lateness = spreadOf(await peer.client(drive).lateness(undefined))
    const state = await driveNow(() => true)
    const pose = await latestOf<WorldPose>((onItem, onEnd) =>
      peer.client(sim).poses({ maxHz: 60 }, onItem, onEnd),
    )

    const saveMs = nowMs()
    await operate.tap('ArrowRight')
    await recording(({ phase, blocker }) => phase === 'ready' && blocker === null)
    const saveToArmedMs = nowMs() - saveMs

    await operate.tap('Control+3')
    await operate.page.getByTestId('policy-row-analytic-reach').click()
    await operate.tap('Enter')
    await driveNow(({ policy }) => policy?.isWarm === true)
    await operate.tap('Control+1')
    meter = motion.handOver
    await operate.holdUntil('Tab', 'blend', 'policy')
    await operate.waitForMode('policy')
    const takeMs = nowMs()
    const taken = driveNow(({ mode }) => mode === 'teleop' || mode === 'slowStop')
    await operate.tap('t')
    await taken
    const takeOverMs = nowMs() - takeMs
    const end = await driveNow(() => true)
    return {
      addressMs,
      stateMs,
      pageMs,
      lateness,
      rateHz: state.loop?.rateHz ?? 0,
      overruns: state.loop?.overruns ?? 0,
      busLost: (state.follower?.bus.timeouts ?? 0) + (state.leader?.bus.timeouts ?? 0),
      busRequests: (state.follower?.bus.requests ?? 0) + (state.leader?.bus.requests ?? 0),
      frames: full.take?.frames ?? 0,
      repeats: full.take?.repeats ?? {},
      saveToArmedMs,
      teleop: motion.teleop.peak,
      handOver: motion.handOver.peak,
      takeOverMs,
      takeOver: end.takeOver,
      violations: end.monitorViolations,
      simSpeed: pose.speed,
    }
  } finally {
    await browser.close()
  }
}

const driveWatcher =
  (peer: Connection) =>
  (accept: (state: DriveState) => boolean): Promise<DriveState> =>
    latestOf<DriveState>((onItem, onEnd) => peer.client(drive).state(undefined, onItem, onEnd), accept)

const recordWatcher =
  (peer: Connection) =>
  (accept: (state: RecordState) => boolean): Promise<RecordState> =>
    latestOf<RecordState>((onItem, onEnd) => peer.client(record).state(undefined, onItem, onEnd), accept)
