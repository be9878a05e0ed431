/**
 * From a port to an arm that can be read: servos checked, calibration compared, registers brought to what the program
 * expects. Torque is left exactly as it was found.
 */
import type { ArmProfile } from '#core/arm/arm-profile.ts'
import type { Calibration } from '#core/arm/calibration.ts'
import { reviewCalibration } from '#core/arm/calibration-review.ts'
import { calibratedProfile } from '#core/arm/joint-ticks.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { machineClockUs, type Clock } from '#host/shared/clock.ts'
import {
  compareCalibrations,
  isUncalibrated,
  mismatchFault,
  readServoCalibration,
  writeServoCalibration,
} from './arm-calibration.ts'
import { checkServos } from './arm-check.ts'
import { configureServos, type ArmRole } from './arm-configuration.ts'
import { processBusClock, type BusClock } from './bus-clock.ts'
import { FeetechArm } from './feetech-arm.ts'
import { FeetechBus } from './feetech-bus.ts'
import { openChannel, type BusAddress } from './open-channel.ts'
import { ServoAccess } from './servo-access.ts'

export interface OpenArmOptions {
  readonly port: BusAddress
  readonly profile: ArmProfile
  /** As parsed from a file, which must equal what the servos keep; null takes what the servos keep. */
  readonly calibration: Calibration | null
  readonly role: ArmRole
  /** Machine-monotonic microseconds. */
  readonly clock?: Clock
}

const firstReadUs = 100_000

/**
 * Opens an arm.
 * @returns the arm, owner of its port until disposed. Faults: `bus/port-missing`, `bus/port-denied`, `bus/port-busy`,
 *   `bus/no-reply`, `bus/wrong-model`, `arm/calibration-missing` (no file and servos never calibrated),
 *   `arm/calibration-mismatch` (`data.joints`: both sides per joint), `control/not-allowed` (settings differ under torque)
 */
export async function openArm(options: OpenArmOptions): Promise<Result<FeetechArm>> {
  const clock = processBusClock(options.clock ?? machineClockUs)
  const channel = await openChannel(options.port, clock.nowUs)
  if (!channel.ok) return channel
  const bus = new FeetechBus(channel.value, clock)
  const arm = await startArm(bus, clock, options)
  if (!arm.ok) await bus[Symbol.asyncDispose]()
  return arm
}

/** `openArm` on a bus that is open already. The bus stays the caller's when this fails. */
export async function startArm(
  bus: FeetechBus,
  clock: BusClock,
  { profile, calibration: file, role }: Pick<OpenArmOptions, 'profile' | 'calibration' | 'role'>,
): Promise<Result<FeetechArm>> {
  const access = new ServoAccess(bus, clock)
  const firmware = await checkServos(access, profile)
  if (!firmware.ok) return firmware
  const stored = await readServoCalibration(access, profile)
  if (!stored.ok) return stored
  if (file === null && isUncalibrated(stored.value))
    return fail('arm/calibration-missing', 'the arm was never calibrated: choose its calibration file')
  const mismatches = file === null ? [] : compareCalibrations(profile, file, stored.value)
  if (mismatches.length > 0) return mismatchFault(mismatches)
  const calibration = file ?? stored.value
  const configured = await configureServos(access, profile, role)
  if (!configured.ok) return configured
  const held = await heldJoints(access, profile)
  if (!held.ok) return held
  return await FeetechArm.start(
    {
      bus,
      access,
      profile: calibratedProfile(profile, calibration),
      calibration,
      maxTorque: configured.value.maxTorque,
      report: {
        firmware: firmware.value,
        heldJoints: held.value,
        written: configured.value.written,
        refused: configured.value.refused,
        calibrationDoubts: reviewCalibration(profile, calibration),
      },
    },
    () => clock.nowUs() + firstReadUs,
  )
}

/**
 * Makes the servos keep the calibration of a file, after a mismatch was shown and accepted.
 * @returns as `openArm`; `control/not-allowed` while torque is on
 */
export async function writeArmCalibration(
  options: Omit<OpenArmOptions, 'role' | 'calibration'> & { readonly calibration: Calibration },
): Promise<Result<void>> {
  const clock = processBusClock(options.clock ?? machineClockUs)
  const channel = await openChannel(options.port, clock.nowUs)
  if (!channel.ok) return channel
  await using bus = new FeetechBus(channel.value, clock)
  const access = new ServoAccess(bus, clock)
  const found = await checkServos(access, options.profile)
  if (!found.ok) return found
  return await writeServoCalibration(access, options.profile, options.calibration)
}

async function heldJoints(access: ServoAccess, profile: ArmProfile): Promise<Result<readonly string[]>> {
  const held: string[] = []
  for (const joint of profile.joints) {
    const torque = await access.read(joint.servoId, 'Torque_Enable')
    if (!torque.ok) return torque
    if (torque.value !== 0) held.push(joint.name)
  }
  return ok(held)
}
