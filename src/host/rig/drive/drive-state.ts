/** The drive session as the page sees it (contract `DriveState`): the core's view, what the loop measures, and who holds the lease. */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import type { ControlView } from '#core/control/core-types.ts'
import type { CommandKind } from '#core/control/mode-events.ts'
import type { Source } from '#core/control/mode.ts'
import type { Fault } from '#core/result.ts'
import type { ArmLive, Cause, DriveCommand, DriveState } from '#contract/services/drive.ts'
import { driveCommands } from '#contract/services/drive.ts'
import type { ArmSeat } from '../loop/arm-seat.ts'

const notConnected: Fault = { code: 'control/not-connected', message: 'No rig is connected' }

const commandKind: Readonly<Record<DriveCommand, CommandKind>> = {
  engage: 'engage',
  hold: 'hold',
  resume: 'resume',
  giveToPolicy: 'giveToPolicy',
  takeOver: 'takeOver',
  stop: 'stop',
  eStop: 'eStop',
  recover: 'recover',
  endSession: 'powerOff',
}

/** Modes from which a session can be ended: those at rest directly, moving ones through a hold. */
const endsThroughHold = new Set(['matching', 'teleop', 'policy', 'blend', 'slowStop'])

export function commandBlockers(view: ControlView | null): DriveState['commands'] {
  const entries = driveCommands.map((command): readonly [DriveCommand, Fault | null] => {
    if (command === 'stop' || command === 'eStop') return [command, null]
    if (!view) return [command, notConnected]
    if (command === 'endSession' && endsThroughHold.has(view.mode)) return [command, null]
    return [command, view.blockers[commandKind[command]]]
  })
  return Object.fromEntries(
    entries.map(([command, blocker]) => [command, blocker && plain(blocker)]),
  ) as DriveState['commands']
}

/** A fault as the contract's schema has it: no undefined member. */
const plain = ({ code, message, data }: Fault): NonNullable<DriveState['commands']['engage']> =>
  data === undefined ? { code, message } : { code, message, data: { ...data } }

/** A fault of the core as a cause for the screen: arm and joint apart, figures as numbers. */
export function causeOf({ code, message, data = {} }: Fault, sinceUs: number): Cause {
  const { arm, joint, joints } = data
  const figures = Object.entries(data).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  )
  const named = typeof joint === 'string' ? joint : Array.isArray(joints) ? joints.join(', ') : null
  return {
    code,
    message,
    ...(arm === 'follower' || arm === 'leader' ? { arm } : {}),
    ...(named === null ? {} : { joint: named }),
    ...(figures.length > 0 ? { data: Object.fromEntries(figures) } : {}),
    sinceUs,
  }
}

/** Leader minus follower, joint by joint, program units. */
export function gapsOf(view: ControlView, profile: ArmProfile, toleranceRad: number): DriveState['gaps'] {
  if (!view.gaps) return null
  return view.gaps.radians.map((radians, index) => {
    const joint = profile.joints[index]
    return {
      joint: joint?.name ?? String(index),
      gap: radians / (joint?.radPerUnit ?? 1),
      isWithin: Math.abs(radians) <= toleranceRad,
    }
  })
}

/** Null while the arm was never read or is gone. */
export function armLiveOf(seat: ArmSeat | null, nowUs: number): ArmLive | null {
  const stats = seat?.stats(nowUs)
  if (!seat?.reading || !stats) return null
  return {
    torque: seat.torque.shown,
    servos: seat.reading.joints.map((reading, index) => ({
      joint: seat.profile.joints[index]?.name ?? String(index),
      temperatureC: reading.temperatureC,
      voltageV: reading.voltageV,
      load: reading.load,
      currentA: reading.currentA,
      statusBits: reading.statusBits,
      isStale: reading.isStale,
    })),
    bus: { ...stats, lostFraction: [...stats.lostFraction], silentUs: [...stats.silentUs] },
  }
}

/** The state while no rig is connected. */
export const emptyDriveState = (
  timeUs: number,
  lease: DriveState['lease'],
  policy: DriveState['policy'],
): DriveState => ({
  timeUs,
  mode: 'idle',
  source: 'hold' satisfies Source,
  sinceUs: timeUs,
  cause: null,
  warnings: [],
  gaps: null,
  secondsLeft: null,
  blend: null,
  commands: commandBlockers(null),
  lease,
  derate: 1,
  policy,
  loop: null,
  follower: null,
  leader: null,
  lagMs: null,
  heldSince: null,
  takeOver: null,
  needsKeepClear: false,
  monitorViolations: 0,
})
