/** A bus in virtual time with fake servos on it, as the tests of this folder share it. */
import { so101Follower } from '#core/arm/so101-profile.ts'
import { nominalCalibration } from '#core/arm/nominal-calibration.ts'
import type { Calibration } from '#core/arm/calibration.ts'
import type { ArmRole } from '#host/rig/bus/arm-configuration.ts'
import { FeetechBus } from '#host/rig/bus/feetech-bus.ts'
import type { FeetechArm } from '#host/rig/bus/feetech-arm.ts'
import { startArm } from '#host/rig/bus/open-arm.ts'
import { ServoAccess } from '#host/rig/bus/servo-access.ts'
import type { Result } from '#core/result.ts'
import { FakeBusClock } from '#test/fakes/fake-bus-clock.ts'
import { FakeByteChannel } from '#test/fakes/fake-byte-channel.ts'
import { FakeServos } from '#test/fakes/fake-servos.ts'

export const ids = so101Follower.joints.map((joint) => joint.servoId)
export const calibration = nominalCalibration(so101Follower, [-137, 412, -958, 203, 1290, -611])

export interface Bench {
  readonly clock: FakeBusClock
  readonly channel: FakeByteChannel
  readonly servos: FakeServos
  readonly bus: FeetechBus
  readonly access: ServoAccess
}

export function createBench(): Bench {
  const clock = new FakeBusClock()
  const channel = new FakeByteChannel(clock)
  const servos = new FakeServos(ids)
  channel.respond = servos.respond
  const bus = new FeetechBus(channel, clock)
  return { clock, channel, servos, bus, access: new ServoAccess(bus, clock) }
}

/** Gives the servos a calibration, as LeRobot would have written it. */
export function calibrate(servos: FakeServos, values: Calibration = calibration): void {
  for (const { id, homingOffset, rangeMin, rangeMax } of Object.values(values)) {
    servos.set(id, 'Homing_Offset', homingOffset)
    servos.set(id, 'Min_Position_Limit', rangeMin)
    servos.set(id, 'Max_Position_Limit', rangeMax)
  }
}

/** A calibrated bench and what `startArm` says on it. */
export const openOn = (
  bench: Bench,
  role: ArmRole = 'follower',
  file: Calibration | null = calibration,
): Promise<Result<FeetechArm>> =>
  bench.clock.run(startArm(bench.bus, bench.clock, { profile: so101Follower, calibration: file, role }))

/** An arm ready to be read, on a fresh bench with a clean log of writes. */
export async function readyArm(role: ArmRole = 'follower'): Promise<Bench & { readonly arm: FeetechArm }> {
  const bench = createBench()
  calibrate(bench.servos)
  const arm = await openOn(bench, role)
  if (!arm.ok) throw new Error(arm.error.message)
  bench.servos.writes.length = 0
  bench.channel.written.length = 0
  return { ...bench, arm: arm.value }
}
