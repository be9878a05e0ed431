/**
 * The SO-101 follower and leader as robot profiles. Ranges are those of the public SO-101 model; a calibration narrows
 * them to what the arm at hand can do (`calibratedProfile`).
 */
import type { ArmProfile, JointSpec } from './arm-profile.ts'
import { so101JawRad } from './so101-geometry.ts'

/** Servo travel between a closed and an open gripper, radians. */
export const so101GripperStrokeRad = so101JawRad.open - so101JawRad.closed

const servoModel = 'sts3215'

const revolute = (name: string, servoId: number, lower: number, upper: number): JointSpec => ({
  name,
  kind: 'revolute',
  servoId,
  servoModel,
  lower,
  upper,
  radPerUnit: 1,
})

const joints: readonly JointSpec[] = [
  revolute('shoulder_pan', 1, -1.91986, 1.91986),
  revolute('shoulder_lift', 2, -1.74533, 1.74533),
  revolute('elbow_flex', 3, -1.69, 1.69),
  revolute('wrist_flex', 4, -1.65806, 1.65806),
  revolute('wrist_roll', 5, -2.74385, 2.84121),
  {
    name: 'gripper',
    kind: 'gripper',
    servoId: 6,
    servoModel,
    lower: 0,
    upper: 1,
    radPerUnit: so101GripperStrokeRad,
  },
]

export const so101Follower: ArmProfile = { robotType: 'so_follower', joints, nominalVoltageV: 7.4 }
export const so101Leader: ArmProfile = { robotType: 'so_leader', joints, nominalVoltageV: 7.4 }
