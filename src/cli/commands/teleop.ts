/** `foresight teleop`: the rig host's loop on any two ports, without a page; prints what was measured. */
import { readFileSync, statSync } from 'node:fs'
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import { parseCalibration, type Calibration } from '#core/arm/calibration.ts'
import { so101Follower, so101Leader } from '#core/arm/so101-profile.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { runTeleop, type RunTeleopOptions } from '#host/rig/drive/run-teleop.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { readNumber, readOptions, type Arguments } from '../read-options.ts'
import { teleopText } from './teleop-text.ts'

const usage = `foresight teleop --leader PORT --follower PORT [OPTIONS] [--json]
  --leader PORT, --follower PORT  serial ports, or the sockets of foresight sim
  --leader-calibration FILE       LeRobot calibration files; without them the arms
  --follower-calibration FILE     use what their servos keep
  --write-calibration             write the files to servos that keep something else
  --baud N                        speed of both buses, 1000000 by default
  --seconds N                     end after N seconds of driving, else at Ctrl-C
  --release                       park at the end and switch torque off; without it the arm holds`

const defaultBaud = 1_000_000

type Addresses = Pick<RunTeleopOptions, 'leader' | 'follower'>

/** A socket is what is a socket; anything else is opened as a serial port, which says itself when it is none. */
function address(path: string, baud: number): RunTeleopOptions['leader'] {
  const isSocket = statSync(path, { throwIfNoEntry: false })?.isSocket() === true
  return isSocket ? { kind: 'socket', path } : { kind: 'serial', path, baud }
}

function readCalibration(path: string | undefined, profile: ArmProfile): Result<Calibration | null> {
  if (path === undefined) return ok(null)
  try {
    return parseCalibration(readFileSync(path, 'utf8'), profile)
  } catch (error) {
    return fail('arm/calibration-missing', `cannot read ${path}: ${String(error)}`, { path })
  }
}

async function drive(
  addresses: Addresses,
  seconds: number,
  { values, flags }: Arguments,
  io: CliIo,
): Promise<number> {
  const leaderCalibration = readCalibration(values['leader-calibration'], so101Leader)
  if (!leaderCalibration.ok) return io.fail(leaderCalibration.error)
  const followerCalibration = readCalibration(values['follower-calibration'], so101Follower)
  if (!followerCalibration.ok) return io.fail(followerCalibration.error)
  const driven = await runTeleop({
    ...addresses,
    leaderCalibration: leaderCalibration.value,
    followerCalibration: followerCalibration.value,
    seconds,
    writeCalibration: flags.has('write-calibration'),
    release: flags.has('release'),
    signal: io.signal,
    note: (line) => io.note(line),
  })
  if (!driven.ok) return io.fail(driven.error)
  const report = driven.value
  io.answer(report, () => teleopText(report))
  return report.stoppedBy === null && report.monitorViolations === 0 ? 0 : 1
}

export const teleopCommand: CliCommand = {
  name: 'teleop',
  summary: 'drive a follower arm by a leader arm, without a page',
  usage,
  run: async (args, io) => {
    const read = readOptions(args, {
      leader: 'value',
      follower: 'value',
      'leader-calibration': 'value',
      'follower-calibration': 'value',
      baud: 'value',
      seconds: 'value',
      release: 'flag',
      'write-calibration': 'flag',
    })
    if (typeof read === 'string') return io.misuse(read)
    const { leader, follower } = read.values
    if (leader === undefined) return io.misuse('--leader is missing')
    if (follower === undefined) return io.misuse('--follower is missing')
    if (read.positionals.length > 0) return io.misuse(`unexpected ${read.positionals.join(' ')}`)
    const baud = readNumber(read.values['baud'], 'baud', { min: 1200, max: 4_000_000, isInteger: true })
    if (typeof baud === 'string') return io.misuse(baud)
    const seconds = readNumber(read.values['seconds'], 'seconds', { min: 0.1, max: 86_400 })
    if (typeof seconds === 'string') return io.misuse(seconds)
    const speed = baud ?? defaultBaud
    const addresses = { leader: address(leader, speed), follower: address(follower, speed) }
    return await drive(addresses, seconds ?? Number.POSITIVE_INFINITY, read, io)
  },
}
