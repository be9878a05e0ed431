/**
 * Which supply an arm runs on. The same servos are sold for several, and an SO arm with 7.4 V servos is often fed with 5 V;
 * what matters is the drop below whatever it was when the arm was found.
 */
import type { ArmReading } from '../arm/arm-reading.ts'

/** Nominal voltages of the supplies in use with SO arms and their kin. */
const suppliesV = [5, 6, 7.4, 12]
const tolerance = 0.15

const isNear = (volts: number, nominalV: number): boolean => Math.abs(volts / nominalV - 1) <= tolerance

/**
 * The nominal voltage to judge by: the profile's if the arm is near it, else that of the supply nearest to what is
 * measured; the profile's again when none is near, so that it shows. Null while every servo says 0 V: what answers has a
 * supply, so these do not measure it.
 */
export function supplyNominalV(profileV: number, reading: ArmReading): number | null {
  if (reading.joints.every((joint) => joint.voltageV === 0)) return null
  const sorted = reading.joints.map((joint) => joint.voltageV).sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? profileV
  if (isNear(median, profileV)) return profileV
  const near = suppliesV.filter((nominalV) => isNear(median, nominalV))
  return near.sort((a, b) => Math.abs(median - a) - Math.abs(median - b))[0] ?? profileV
}
