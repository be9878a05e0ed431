/**
 * The calibration of an arm that is exactly its profile, as LeRobot's procedure would record it: the middle of each range
 * at half a turn, `wrist_roll` a full turn. It is what the simulated pair is calibrated with.
 */
import type { ArmProfile, JointSpec, JointVector } from './arm-profile.ts'
import { maxTick, type Calibration, type JointCalibration } from './calibration.ts'

const fullTurnJoint = 'wrist_roll'

/** @param homingOffsets what each servo subtracts from its encoder, profile order; 0 where absent */
export function nominalCalibration(profile: ArmProfile, homingOffsets: JointVector = []): Calibration {
  return Object.fromEntries(
    profile.joints.map((joint, index): [string, JointCalibration] => [
      joint.name,
      { id: joint.servoId, driveMode: 0, homingOffset: homingOffsets[index] ?? 0, ...nominalRange(joint) },
    ]),
  )
}

function nominalRange(joint: JointSpec): { readonly rangeMin: number; readonly rangeMax: number } {
  if (joint.name === fullTurnJoint) return { rangeMin: 0, rangeMax: maxTick }
  const halfTicks = (((joint.upper - joint.lower) * joint.radPerUnit) / 2) * (maxTick / (2 * Math.PI))
  return { rangeMin: Math.ceil(maxTick / 2 - halfTicks), rangeMax: Math.floor(maxTick / 2 + halfTicks) }
}
