/** The servos worth a look: hottest, most loaded, lowest voltage. Stale readings do not count. */
import type { ArmLive } from '#contract/services/drive.ts'

type Servo = ArmLive['servos'][number]

export interface ServoExtremes {
  readonly hottest: Servo
  readonly mostLoaded: Servo
  readonly lowestVoltage: Servo
}

const best = (servos: readonly Servo[], score: (servo: Servo) => number): Servo | null =>
  servos.reduce<Servo | null>((a, b) => (a === null || score(b) > score(a) ? b : a), null)

/** Null when no servo has answered lately. */
export function servoExtremes(arm: ArmLive | null): ServoExtremes | null {
  const fresh = arm?.servos.filter((servo) => !servo.isStale) ?? []
  const hottest = best(fresh, (servo) => servo.temperatureC)
  const mostLoaded = best(fresh, (servo) => Math.abs(servo.load))
  const lowestVoltage = best(fresh, (servo) => -servo.voltageV)
  if (hottest === null || mostLoaded === null || lowestVoltage === null) return null
  return { hottest, mostLoaded, lowestVoltage }
}

/** When the screen warns about a temperature (DESIGN §4). */
export const warmC = 55
