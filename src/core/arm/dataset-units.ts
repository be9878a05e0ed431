/**
 * Program units ⇄ the units a dataset or a checkpoint speaks. LeRobot does not store its unit, so it is a parameter here
 * and a field of `meta/foresight.json` there. Values are never clamped: what the arm did is what the data says.
 */
import type { ArmProfile, JointSpec, JointVector } from './arm-profile.ts'
import { jointCalibration, maxTick, type Calibration, type JointCalibration } from './calibration.ts'

/**
 * What body joints are written in. Grippers go with it: 0…100 beside `degrees` and `range_m100_100`, as LeRobot has them,
 * 0…1 beside `radians`.
 */
export const datasetUnits = ['degrees', 'range_m100_100', 'radians'] as const
export type DatasetUnit = (typeof datasetUnits)[number]

/** Feature names of a state or action vector: LeRobot's motor keys. */
export const datasetNames = (profile: ArmProfile): readonly string[] =>
  profile.joints.map((joint) => `${joint.name}.pos`)

/** One value per joint in dataset units. */
export const toDatasetUnits = (
  profile: ArmProfile,
  calibration: Calibration,
  unit: DatasetUnit,
  position: JointVector,
): JointVector =>
  profile.joints.map((joint, index) => (position[index] ?? NaN) * scale(joint, calibration, unit))

/** The inverse of `toDatasetUnits`. */
export const fromDatasetUnits = (
  profile: ArmProfile,
  calibration: Calibration,
  unit: DatasetUnit,
  values: JointVector,
): JointVector =>
  profile.joints.map((joint, index) => (values[index] ?? NaN) / scale(joint, calibration, unit))

/** Every unit has its zero where the program's is, so a conversion is one factor. */
function scale(joint: JointSpec, calibration: Calibration, unit: DatasetUnit): number {
  if (joint.kind === 'gripper') return unit === 'radians' ? 1 : 100
  if (unit === 'radians') return 1
  return unit === 'degrees' ? 180 / Math.PI : percentPerRad(jointCalibration(calibration, joint.name))
}

/** LeRobot's ±100 spans the recorded range and honours the drive mode (spec/lerobot.md §2.3). */
function percentPerRad(entry: JointCalibration): number {
  const perTick = 200 / (entry.rangeMax - entry.rangeMin)
  return ((entry.driveMode === 1 ? -perTick : perTick) * maxTick) / (2 * Math.PI)
}
