/**
 * The six servos of one simulated arm, set up as a user's arm is after calibration: homing offsets and limits in EPROM,
 * equal to the LeRobot file that `calibrationFor` gives.
 */
import type { Calibration } from '#core/arm/calibration.ts'
import { nominalCalibration } from '#core/arm/nominal-calibration.ts'
import { so101Follower, so101Leader } from '#core/arm/so101-profile.ts'
import { joints, middleRad } from '../scene/joints.ts'
import type { ArmName } from '../scene/layout.ts'
import { eprom, type ServoSettings } from './factory.ts'
import { stepsPerRad, stepsPerTurn, Sts3215 } from './sts3215.ts'

/** How the horns happen to be mounted: every real arm has its own six numbers. */
const homingOffsets: Readonly<Record<ArmName, readonly number[]>> = {
  leader: [312, -845, 1210, -96, 733, -1404],
  follower: [-123, 978, -1167, 451, -702, 1263],
}

/** The encoder reads this, less the homing offset, in the middle of a calibrated joint's range. */
const middleStep = 2047.5

/** Half the torque, as lerobot sets grippers: a leader squeezed shut must not overload the follower's jaw. */
const gripperSettings: ServoSettings = { Max_Torque_Limit: 500 }

export const calibrationFor = (arm: ArmName): Calibration =>
  nominalCalibration(arm === 'leader' ? so101Leader : so101Follower, homingOffsets[arm])

/** New servos, in joint order, not yet placed on their joints. */
export function createServos(arm: ArmName): Sts3215[] {
  const calibration = calibrationFor(arm)
  return joints.map((joint) => {
    const entry = calibration[joint.name]
    if (entry === undefined) throw new Error(`no calibration of ${joint.name}`)
    const atZero = middleStep + entry.homingOffset - middleRad(joint) * stepsPerRad
    return new Sts3215({
      mountStep: ((atZero % stepsPerTurn) + stepsPerTurn) % stepsPerTurn,
      eprom: eprom({
        ID: joint.servoId,
        Homing_Offset: entry.homingOffset,
        Min_Position_Limit: entry.rangeMin,
        Max_Position_Limit: entry.rangeMax,
        ...(joint.kind === 'gripper' ? gripperSettings : {}),
      }),
    })
  })
}
