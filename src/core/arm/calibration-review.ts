/**
 * What looks wrong in a calibration that parses: LeRobot records ranges without noticing a wrap at 0/4095, so one joint
 * pushed through it gets a full turn (its issue #3587), and a range recorded half-heartedly stays short.
 */
import type { ArmProfile } from './arm-profile.ts'
import { jointCalibration, maxTick, type Calibration } from './calibration.ts'

export interface CalibrationDoubt {
  readonly joint: string
  readonly kind: 'widerThanMechanics' | 'narrow'
  /** Recorded range over the mechanical one. */
  readonly ratio: number
}

const widest = 1.25
const narrowest = 0.5
const fullTurnJoint = 'wrist_roll'

/** Joints whose recorded range cannot be right, or hardly; `wrist_roll` is a full turn by LeRobot's procedure. */
export function reviewCalibration(
  profile: ArmProfile,
  calibration: Calibration,
): readonly CalibrationDoubt[] {
  return profile.joints.flatMap((joint): CalibrationDoubt[] => {
    if (joint.name === fullTurnJoint) return []
    const entry = jointCalibration(calibration, joint.name)
    const recordedRad = ((entry.rangeMax - entry.rangeMin) * 2 * Math.PI) / maxTick
    const ratio = recordedRad / ((joint.upper - joint.lower) * joint.radPerUnit)
    if (ratio > widest) return [{ joint: joint.name, kind: 'widerThanMechanics', ratio }]
    return ratio < narrowest ? [{ joint: joint.name, kind: 'narrow', ratio }] : []
  })
}
