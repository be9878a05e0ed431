/**
 * A calibration in LeRobot's file format (spec/lerobot.md §2.4): per joint the servo id, the homing offset and the range
 * of raw ticks, the same three numbers that the servo keeps in its own EPROM. Nothing enters the program without passing
 * `parseCalibration`.
 */
import type { ArmProfile } from './arm-profile.ts'
import { fail, ok, type Result } from '../result.ts'

export interface JointCalibration {
  readonly id: number
  /** 1 inverts grippers and ±100 values, never degrees or radians. */
  readonly driveMode: 0 | 1
  /** Ticks that the servo subtracts from its encoder, −2047…2047. */
  readonly homingOffset: number
  /** Ticks after the homing offset, 0 ≤ rangeMin < rangeMax ≤ 4095. */
  readonly rangeMin: number
  readonly rangeMax: number
}

/** By joint name. */
export type Calibration = Readonly<Record<string, JointCalibration>>

/** Ticks of one turn minus one, the divisor of LeRobot's degrees. */
export const maxTick = 4095
const maxHomingOffset = 2047

/**
 * Reads a calibration file.
 * @returns the calibration of exactly the joints of `profile`, or `arm/calibration-invalid` naming joint and field
 */
export function parseCalibration(text: string, profile: ArmProfile): Result<Calibration> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('arm/calibration-invalid', 'the calibration file is not JSON')
  }
  if (!isObject(json))
    return fail('arm/calibration-invalid', 'the calibration file holds no object of joints')
  const names = profile.joints.map((joint) => joint.name)
  const stranger = Object.keys(json).find((name) => !names.includes(name))
  if (stranger !== undefined)
    return fail('arm/calibration-invalid', `joint ${stranger} is not one of ${names.join(', ')}`, {
      joint: stranger,
    })
  const entries: [string, JointCalibration][] = []
  for (const joint of profile.joints) {
    const entry = json[joint.name]
    if (!isObject(entry))
      return fail('arm/calibration-invalid', `joint ${joint.name} is missing`, { joint: joint.name })
    const problem = problemOf(entry, joint.servoId)
    if (problem !== null)
      return fail('arm/calibration-invalid', `joint ${joint.name}: ${problem}`, { joint: joint.name })
    entries.push([
      joint.name,
      {
        id: joint.servoId,
        driveMode: entry['drive_mode'] === 1 ? 1 : 0,
        homingOffset: Number(entry['homing_offset']),
        rangeMin: Number(entry['range_min']),
        rangeMax: Number(entry['range_max']),
      },
    ])
  }
  return ok(Object.fromEntries(entries))
}

/** The file as LeRobot writes it: indent of four, its key order. */
export function serialiseCalibration(calibration: Calibration): string {
  const entries = Object.entries(calibration).map(([name, entry]) => [
    name,
    {
      id: entry.id,
      drive_mode: entry.driveMode,
      homing_offset: entry.homingOffset,
      range_min: entry.rangeMin,
      range_max: entry.rangeMax,
    },
  ])
  return JSON.stringify(Object.fromEntries(entries), null, 4)
}

/** The entry of a joint. @throws when the calibration was not parsed for this profile (a bug) */
export function jointCalibration(calibration: Calibration, name: string): JointCalibration {
  const entry = calibration[name]
  if (entry === undefined) throw new Error(`no calibration of joint ${name}`)
  return entry
}

function problemOf(entry: Readonly<Record<string, unknown>>, servoId: number): string | null {
  const { id, drive_mode: driveMode, homing_offset: offset, range_min: rangeMin, range_max: rangeMax } = entry
  if (id !== servoId) return `id is ${String(id)}, the robot has it as ${servoId}`
  if (driveMode !== 0 && driveMode !== 1) return `drive_mode ${String(driveMode)} is neither 0 nor 1`
  if (!isWithin(offset, -maxHomingOffset, maxHomingOffset))
    return `homing_offset ${String(offset)} is no whole number within ±${maxHomingOffset}`
  if (!isWithin(rangeMin, 0, maxTick) || !isWithin(rangeMax, 0, maxTick))
    return `range ${String(rangeMin)}…${String(rangeMax)} is not within 0…${maxTick}`
  if (rangeMin >= rangeMax) return `range ${rangeMin}…${rangeMax} is empty`
  return null
}

const isWithin = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
