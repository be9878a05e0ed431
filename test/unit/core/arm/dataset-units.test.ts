import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datasetNames, datasetUnits, fromDatasetUnits, toDatasetUnits } from '#core/arm/dataset-units.ts'
import { unitOfTick } from '#core/arm/joint-ticks.ts'
import { nominalCalibration } from '#core/arm/nominal-calibration.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'

const calibration = nominalCalibration(so101Follower)

describe('dataset units', () => {
  it("are named by LeRobot's motor keys", () => {
    expect(datasetNames(so101Follower)).toEqual([
      'shoulder_pan.pos',
      'shoulder_lift.pos',
      'elbow_flex.pos',
      'wrist_flex.pos',
      'wrist_roll.pos',
      'gripper.pos',
    ])
  })

  it('are degrees and 0…100 by default', () => {
    const values = toDatasetUnits(so101Follower, calibration, 'degrees', [
      Math.PI / 2,
      0,
      0,
      0,
      -Math.PI,
      0.25,
    ])
    expect(values.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([90, 0, 0, 0, -180, 25])
  })

  it('put ±100 at the ends of the recorded range, and turn round with drive mode 1', () => {
    const shoulder = so101Follower.joints[1]
    const entry = calibration['shoulder_lift']
    if (shoulder === undefined || entry === undefined) throw new Error('no shoulder_lift')
    const atEnd = [0, unitOfTick(shoulder, entry, entry.rangeMax), 0, 0, 0, 0]
    expect(toDatasetUnits(so101Follower, calibration, 'range_m100_100', atEnd)[1]).toBeCloseTo(100, 9)
    const inverted = { ...calibration, shoulder_lift: { ...entry, driveMode: 1 as const } }
    expect(toDatasetUnits(so101Follower, inverted, 'range_m100_100', atEnd)[1]).toBeCloseTo(-100, 9)
  })

  it('come back as the program units they were made of', () => {
    const position = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(position, fc.constantFrom(...datasetUnits), (vector, unit) => {
        const back = fromDatasetUnits(
          so101Follower,
          calibration,
          unit,
          toDatasetUnits(so101Follower, calibration, unit, vector),
        )
        for (const [j, value] of back.entries()) expect(value).toBeCloseTo(vector[j] ?? NaN, 12)
      }),
    )
  })

  it('give NaN, never zero, for a joint without a value', () => {
    expect(toDatasetUnits(so101Follower, calibration, 'degrees', [0, 0, 0])[3]).toBeNaN()
  })
})
