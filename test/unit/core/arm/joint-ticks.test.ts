import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JointSpec } from '#core/arm/arm-profile.ts'
import type { JointCalibration } from '#core/arm/calibration.ts'
import { calibratedProfile, tickOfUnit, unitOfTick, unitPerTick } from '#core/arm/joint-ticks.ts'
import { nominalCalibration } from '#core/arm/nominal-calibration.ts'
import { so101Follower, so101GripperStrokeRad } from '#core/arm/so101-profile.ts'

const joint = (name: string): JointSpec => {
  const found = so101Follower.joints.find((each) => each.name === name)
  if (found === undefined) throw new Error(name)
  return found
}
const entryOf = (rangeMin: number, rangeMax: number, driveMode: 0 | 1 = 0): JointCalibration => ({
  id: 1,
  driveMode,
  homingOffset: 0,
  rangeMin,
  rangeMax,
})

const anyEntry = fc
  .tuple(fc.integer({ min: 0, max: 4094 }), fc.integer({ min: 1, max: 4095 }), fc.constantFrom<0 | 1>(0, 1))
  .filter(([low, high]) => low < high)
  .map(([low, high, driveMode]) => entryOf(low, high, driveMode))
const anyJoint = fc.constantFrom(joint('elbow_flex'), joint('gripper'))

describe('ticks and program units', () => {
  it("agree with LeRobot's degrees: a quarter of 4095 ticks above the middle of the range is a right angle", () => {
    const entry = entryOf(812, 3310)
    expect((unitOfTick(joint('shoulder_pan'), entry, 2061 + 4095 / 4) * 180) / Math.PI).toBeCloseTo(90, 9)
    expect(unitOfTick(joint('shoulder_pan'), entry, 2061)).toBe(0)
  })

  it('ignore the drive mode for body joints, as LeRobot does in degrees', () => {
    expect(unitOfTick(joint('elbow_flex'), entryOf(1000, 3000, 1), 2500)).toBeGreaterThan(0)
  })

  it('run a gripper from 0 to 1 over its range, and backwards with drive mode 1', () => {
    const gripper = joint('gripper')
    expect(unitOfTick(gripper, entryOf(2000, 3200), 2000)).toBe(0)
    expect(unitOfTick(gripper, entryOf(2000, 3200), 2300)).toBeCloseTo(0.25, 12)
    expect(unitOfTick(gripper, entryOf(2000, 3200, 1), 2000)).toBe(1)
    expect(unitOfTick(gripper, entryOf(2000, 3200, 1), 2300)).toBeCloseTo(0.75, 12)
    expect(unitPerTick(gripper, entryOf(2000, 3200, 1))).toBeLessThan(0)
  })

  it('read a gripper squeezed past its range as below zero instead of hiding it', () => {
    expect(unitOfTick(joint('gripper'), entryOf(2000, 3200), 1988)).toBeCloseTo(-0.01, 12)
  })

  it('bring every tick back exactly', () => {
    fc.assert(
      fc.property(anyJoint, anyEntry, fc.integer({ min: 0, max: 4095 }), (spec, entry, tick) => {
        expect(tickOfUnit(spec, entry, unitOfTick(spec, entry, tick))).toBe(tick)
      }),
    )
  })

  it('never answer with a negative zero, as rounding does from just below', () => {
    const entry = entryOf(2065, 3213)
    expect(tickOfUnit(joint('elbow_flex'), entry, unitOfTick(joint('elbow_flex'), entry, 0))).toBe(0)
  })

  it('quantise a goal by half a tick at most, to either side', () => {
    fc.assert(
      fc.property(anyJoint, anyEntry, fc.double({ min: -2, max: 2, noNaN: true }), (spec, entry, unit) => {
        const back = unitOfTick(spec, entry, tickOfUnit(spec, entry, unit))
        expect(Math.abs(back - unit)).toBeLessThanOrEqual(Math.abs(unitPerTick(spec, entry)) * 0.5 + 1e-9)
      }),
    )
  })
})

describe('the profile of a calibrated arm', () => {
  it('keeps the mechanical ranges where the recording went further, and the recorded ones where it did not', () => {
    const calibration = { ...nominalCalibration(so101Follower), elbow_flex: entryOf(1500, 2500) }
    const profile = calibratedProfile(so101Follower, calibration)
    const limits = Object.fromEntries(profile.joints.map((each) => [each.name, [each.lower, each.upper]]))
    expect(limits['wrist_roll']).toEqual([-2.74385, 2.84121])
    expect(limits['elbow_flex']?.[1]).toBeCloseTo((500 * 2 * Math.PI) / 4095, 12)
    expect(limits['gripper']).toEqual([0, 1])
  })

  it('lets every goal inside its limits quantise inside the recorded range', () => {
    fc.assert(
      fc.property(anyEntry, fc.double({ min: 0, max: 1, noNaN: true }), (entry, share) => {
        const calibration = Object.fromEntries(so101Follower.joints.map((each) => [each.name, entry]))
        for (const each of calibratedProfile(so101Follower, calibration).joints) {
          const tick = tickOfUnit(each, entry, each.lower + share * (each.upper - each.lower))
          expect(tick).toBeGreaterThanOrEqual(entry.rangeMin)
          expect(tick).toBeLessThanOrEqual(entry.rangeMax)
        }
      }),
    )
  })

  it('takes the stroke of the gripper from the recording', () => {
    const nominal = calibratedProfile(so101Follower, nominalCalibration(so101Follower))
    expect(nominal.joints[5]?.radPerUnit).toBeCloseTo(so101GripperStrokeRad, 2)
    const short = { ...nominalCalibration(so101Follower), gripper: entryOf(2000, 2500) }
    expect(calibratedProfile(so101Follower, short).joints[5]?.radPerUnit).toBeCloseTo(0.767, 3)
  })
})
