/**
 * Servo ticks ⇄ program units, under a calibration. Body joints follow LeRobot's degrees, in radians:
 * rad = (tick − (min + max) / 2) · 2π / 4095, whatever the drive mode; grippers are the share of their range, 0…1,
 * turned round by drive mode 1 (spec/lerobot.md §2.3). Goals are rounded to the nearest tick, where LeRobot truncates.
 */
import type { ArmProfile, JointSpec } from './arm-profile.ts'
import { jointCalibration, maxTick, type Calibration, type JointCalibration } from './calibration.ts'

const radPerTick = (2 * Math.PI) / maxTick

/** Program units per tick; negative when the gripper runs backwards. Turns a speed in ticks/s into one in units/s. */
export function unitPerTick(joint: JointSpec, entry: JointCalibration): number {
  if (joint.kind === 'revolute') return radPerTick
  const share = 1 / (entry.rangeMax - entry.rangeMin)
  return entry.driveMode === 1 ? -share : share
}

/** The position of a raw tick, not clamped: a gripper squeezed past its recorded range reads below 0. */
export const unitOfTick = (joint: JointSpec, entry: JointCalibration, tick: number): number =>
  (tick - originTick(joint, entry)) * unitPerTick(joint, entry)

/** The nearest tick to a position, not clamped. Never −0, which is what rounds up from just below zero. */
export const tickOfUnit = (joint: JointSpec, entry: JointCalibration, unit: number): number =>
  Math.round(unit / unitPerTick(joint, entry) + originTick(joint, entry)) + 0

/** The profile of the calibrated arm: ranges cut to the recorded ones, the gripper's stroke as recorded. */
export function calibratedProfile(profile: ArmProfile, calibration: Calibration): ArmProfile {
  return {
    ...profile,
    joints: profile.joints.map((joint) => {
      const entry = jointCalibration(calibration, joint.name)
      const ends = [unitOfTick(joint, entry, entry.rangeMin), unitOfTick(joint, entry, entry.rangeMax)]
      return {
        ...joint,
        lower: Math.max(joint.lower, Math.min(...ends)),
        upper: Math.min(joint.upper, Math.max(...ends)),
        radPerUnit:
          joint.kind === 'revolute' ? joint.radPerUnit : (entry.rangeMax - entry.rangeMin) * radPerTick,
      }
    }),
  }
}

function originTick(joint: JointSpec, entry: JointCalibration): number {
  if (joint.kind === 'revolute') return (entry.rangeMin + entry.rangeMax) / 2
  return entry.driveMode === 1 ? entry.rangeMax : entry.rangeMin
}
