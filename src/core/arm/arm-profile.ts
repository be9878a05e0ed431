/**
 * What the program knows of one kind of arm. Program units everywhere: radians for revolute joints, 0…1
 * (closed…open) for grippers. Joint order is the order of LeRobot's motor keys, base first.
 */
export interface JointSpec {
  /** LeRobot's motor key without `.pos`, e.g. `shoulder_pan`. */
  readonly name: string
  readonly kind: 'revolute' | 'gripper'
  readonly servoId: number
  /** LeRobot's model name, e.g. `sts3215`. */
  readonly servoModel: string
  /** Mechanical range in program units. */
  readonly lower: number
  readonly upper: number
  /** Radians of servo travel per program unit: 1 for revolute joints, the stroke for a gripper. Divides limits given in rad/s. */
  readonly radPerUnit: number
}

export interface ArmProfile {
  /** LeRobot's `robot_type`, e.g. `so_follower`. */
  readonly robotType: string
  readonly joints: readonly JointSpec[]
  /** Nominal supply voltage in volts (7.4 or 12 for SO arms); reactions are relative to it. */
  readonly nominalVoltageV: number
}

/** One value per joint, in profile order and program units. */
export type JointVector = readonly number[]
