/**
 * The calibration that the servos themselves keep: read, compared with a file, and, when a person asks for it, replaced.
 * Unlike LeRobot, the EPROM lock is opened before and closed after, so that what is written survives a power cycle.
 */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import { jointCalibration, maxTick, type Calibration, type JointCalibration } from '#core/arm/calibration.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { notKept, writeRegisters } from './arm-configuration.ts'
import type { ServoAccess } from './servo-access.ts'

/** One joint whose servo was calibrated differently from the file. */
export interface CalibrationMismatch {
  readonly joint: string
  readonly file: Pick<JointCalibration, 'homingOffset' | 'rangeMin' | 'rangeMax'>
  readonly servo: Pick<JointCalibration, 'homingOffset' | 'rangeMin' | 'rangeMax'>
}

/** Offsets and limits from the servos' EPROM. Servos know no drive mode; it reads as 0. */
export async function readServoCalibration(
  access: ServoAccess,
  profile: ArmProfile,
): Promise<Result<Calibration>> {
  const entries: [string, JointCalibration][] = []
  for (const joint of profile.joints) {
    const homingOffset = await access.read(joint.servoId, 'Homing_Offset')
    if (!homingOffset.ok) return homingOffset
    const rangeMin = await access.read(joint.servoId, 'Min_Position_Limit')
    if (!rangeMin.ok) return rangeMin
    const rangeMax = await access.read(joint.servoId, 'Max_Position_Limit')
    if (!rangeMax.ok) return rangeMax
    entries.push([
      joint.name,
      {
        id: joint.servoId,
        driveMode: 0,
        homingOffset: homingOffset.value,
        rangeMin: rangeMin.value,
        rangeMax: rangeMax.value,
      },
    ])
  }
  return ok(Object.fromEntries(entries))
}

/** True when the servos were never calibrated, or reset: every range a full turn, or none. */
export const isUncalibrated = (calibration: Calibration): boolean =>
  Object.values(calibration).every(
    ({ rangeMin, rangeMax }) => (rangeMin === 0 && rangeMax === maxTick) || rangeMin >= rangeMax,
  )

export function compareCalibrations(
  profile: ArmProfile,
  file: Calibration,
  servo: Calibration,
): readonly CalibrationMismatch[] {
  return profile.joints.flatMap(({ name }) => {
    const [wanted, stored] = [jointCalibration(file, name), jointCalibration(servo, name)]
    const isSame =
      wanted.homingOffset === stored.homingOffset &&
      wanted.rangeMin === stored.rangeMin &&
      wanted.rangeMax === stored.rangeMax
    return isSame ? [] : [{ joint: name, file: numbers(wanted), servo: numbers(stored) }]
  })
}

/** `arm/calibration-mismatch` with every joint that differs, both sides. */
export const mismatchFault = (mismatches: readonly CalibrationMismatch[]): Result<never> =>
  fail(
    'arm/calibration-mismatch',
    `the calibration file does not match the servos of ${mismatches.map(({ joint }) => joint).join(', ')}`,
    { joints: mismatches },
  )

/** Writes offsets and limits where they differ. Refuses with `control/not-allowed` while torque is on. */
export async function writeServoCalibration(
  access: ServoAccess,
  profile: ArmProfile,
  calibration: Calibration,
): Promise<Result<void>> {
  const present = await readServoCalibration(access, profile)
  if (!present.ok) return present
  const differing = compareCalibrations(profile, calibration, present.value).map(({ joint }) => joint)
  for (const joint of profile.joints.filter(({ name }) => differing.includes(name))) {
    const entry = jointCalibration(calibration, joint.name)
    const lost = await writeRegisters(access, joint, [
      ['Homing_Offset', entry.homingOffset],
      ['Min_Position_Limit', entry.rangeMin],
      ['Max_Position_Limit', entry.rangeMax],
    ])
    if (!lost.ok) return lost
    const [first] = lost.value
    if (first !== undefined) return notKept(joint, first)
  }
  return ok(undefined)
}

const numbers = ({ homingOffset, rangeMin, rangeMax }: JointCalibration): CalibrationMismatch['file'] => ({
  homingOffset,
  rangeMin,
  rangeMax,
})
