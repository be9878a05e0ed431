/**
 * Teleoperation on any two ports, without a page: open, engage, drive for a while, come to rest, report. Invariant: it ends
 * with the arm holding and torque on, unless release was asked; then with the arm parked and torque off.
 */
import type { Calibration } from '#core/arm/calibration.ts'
import { so101Follower, so101Leader } from '#core/arm/so101-profile.ts'
import type { Cause } from '#contract/services/drive.ts'
import type { ArmReading } from '#core/arm/arm-reading.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { machineClockUs } from '../../shared/clock.ts'
import type { ArmPort } from '../arm-port.ts'
import type { ArmRole } from '../bus/arm-configuration.ts'
import type { FeetechArm } from '../bus/feetech-arm.ts'
import { openArm, writeArmCalibration } from '../bus/open-arm.ts'
import type { BusAddress } from '../bus/open-channel.ts'
import { createTicker } from '../loop/ticker.ts'
import { defaultPeriodUs, DriveSession, type DriveSessionParts } from './drive-session.ts'
import { busReport, TeleopMeter, type TeleopReport } from './teleop-report.ts'

export interface RunTeleopOptions {
  readonly leader: BusAddress
  readonly follower: BusAddress
  /** Null takes what the servos keep. */
  readonly leaderCalibration: Calibration | null
  readonly followerCalibration: Calibration | null
  /** Servos that keep another calibration than the file are given the file's; refused without it. */
  readonly writeCalibration: boolean
  /** Counted from the moment at which the human drives. */
  readonly seconds: number
  /** Park and switch torque off at the end. */
  readonly release: boolean
  /** Ends it early, in order. */
  readonly signal?: AbortSignal
  /** For people: keep clear, aligning, driving. */
  readonly note: (line: string) => void
}

/** A leader that nobody brings near the follower within this time ends the attempt. */
const alignSeconds = 60
/** Six servos confirm within some 20 ms; one that does not is asked five times. */
const releaseUs = 1_000_000
/** Bytes may be late or lost in the first passes. */
const freshSeconds = 1
const outer = { lease: { holder: null, label: null }, policy: null }

/**
 * Runs it.
 * @returns the report, also when a reaction ended it early (`stoppedBy`); the fault of opening or engaging otherwise
 */
export async function runTeleop(options: RunTeleopOptions): Promise<Result<TeleopReport>> {
  const follower = await openFor('follower', options)
  if (!follower.ok) return follower
  await using followerArm = follower.value
  const leader = await openFor('leader', options)
  if (!leader.ok) return leader
  await using leaderArm = leader.value
  return await driveTeleop(
    {
      follower: followerArm,
      leader: leaderArm,
      isReal: true,
      heldJoints: followerArm.report.heldJoints,
      leaderHeldJoints: leaderArm.report.heldJoints,
      clock: machineClockUs,
      timeOfDay: () => new Date().toISOString(),
      ticker: createTicker(defaultPeriodUs),
      holdFile: null,
      holdNote: null,
      lease: null,
    },
    options,
  )
}

/** One of the two arms; the fault names it. */
async function openFor(role: ArmRole, options: RunTeleopOptions): Promise<Result<FeetechArm>> {
  const port = options[role]
  const profile = role === 'follower' ? so101Follower : so101Leader
  const calibration = role === 'follower' ? options.followerCalibration : options.leaderCalibration
  const named = <T>(result: Result<T>): Result<T> =>
    result.ok ? result : fail(result.error.code, result.error.message, { ...result.error.data, arm: role })
  const opened = await openArm({ port, profile, calibration, role })
  const isOther = !opened.ok && opened.error.code === 'arm/calibration-mismatch'
  if (!isOther || calibration === null) return named(opened)
  if (!options.writeCalibration) {
    options.note(`--write-calibration makes the servos of the ${role} keep the file, if it is theirs.`)
    return named(opened)
  }
  options.note(`Writing the calibration file of the ${role} to its servos.`)
  const written = await writeArmCalibration({ port, profile, calibration })
  if (!written.ok) return named(written)
  return named(await openArm({ port, profile, calibration, role }))
}

/** `runTeleop` on arms that are open already. */
export async function driveTeleop(
  parts: DriveSessionParts & { readonly leader: ArmPort },
  { seconds, release, signal, note }: Pick<RunTeleopOptions, 'seconds' | 'release' | 'signal' | 'note'>,
): Promise<Result<TeleopReport>> {
  using session = new DriveSession(parts)
  const meter = new TeleopMeter()
  session.onTick((record) => meter.add(record))
  note('Keep clear of the arms. The arm’s power switch is the emergency stop.')
  const openedUs = parts.clock()
  await ticksUntil(
    session,
    ({ follower, leader, timeUs }) =>
      (isFresh(follower) && isFresh(leader)) ||
      (follower !== null && leader !== null && timeUs - openedUs > freshSeconds * 1e6),
    signal,
  )
  const engaged = await session.engage({ keepClearAcknowledged: true })
  if (!engaged.ok) return engaged
  note('Torque on, aligning.')
  const startUs = parts.clock()
  await ticksUntil(
    session,
    ({ mode, timeUs }) => {
      if (mode === 'matching') return timeUs - startUs > alignSeconds * 1e6
      // Holding is how it begins, and also how an interrupted attempt ends.
      return mode !== 'holding' || isInterrupted(session.state(outer).cause)
    },
    signal,
  )
  if (session.mode === 'teleop') {
    note('The leader drives.')
    const endUs = parts.clock() + seconds * 1e6
    await ticksUntil(session, ({ mode, timeUs }) => mode !== 'teleop' || timeUs >= endUs, signal)
  }
  const { cause } = session.state(outer)
  const isEarly = session.mode !== 'teleop' && signal?.aborted !== true
  await session.stop()
  await ticksUntil(
    session,
    ({ mode }) => mode === 'holding' || mode === 'fault' || mode === 'eStop' || mode === 'idle',
  )
  const before = session.state(outer)
  if (release) {
    const ended = await session.endSession()
    if (!ended.ok) note(`Torque stays on: ${ended.error.message}`)
    const untilUs = parts.clock() + releaseUs
    const isKnown = (): boolean => session.state(outer).follower?.torque !== 'unknown'
    await ticksUntil(session, ({ timeUs }) => isKnown() || timeUs > untilUs)
  }
  const after = session.state(outer)
  return ok({
    targetHz: 1e6 / (parts.periodUs ?? defaultPeriodUs),
    ...meter.report(),
    follower: busReport(before.follower?.bus ?? null),
    leader: busReport(before.leader?.bus ?? null),
    monitorViolations: session.measured.monitor.count,
    stoppedBy: isEarly ? (cause ?? neverAligned(parts.clock())) : null,
    torque: after.follower?.torque ?? 'unknown',
  })
}

const isFresh = (reading: ArmReading | null): boolean =>
  reading?.joints.every((joint) => !joint.isStale) === true

/** A reaction has stopped the attempt; that an arm was found held is no interruption. */
const isInterrupted = (cause: Cause | null): boolean => cause !== null && cause.code !== 'control/held-since'

const neverAligned = (sinceUs: number) => ({
  code: 'control/misaligned',
  message: 'The leader was not brought near the follower in time',
  arm: 'leader' as const,
  sinceUs,
})

/** Resolves after the first tick for which `isDone`, or when the signal aborts. */
function ticksUntil(
  session: DriveSession,
  isDone: (record: TickRecord) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const finish = (): void => {
      subscription[Symbol.dispose]()
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const subscription = session.onTick((record) => {
      if (isDone(record)) finish()
    })
    signal?.addEventListener('abort', finish)
  })
}
