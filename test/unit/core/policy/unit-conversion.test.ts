import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Calibration } from '#core/arm/calibration.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'
import type { Channel, PolicyUnit } from '#core/policy/policy-contract.ts'
import { VectorConverter } from '#core/policy/unit-conversion.ts'

const channels = (body: PolicyUnit, gripper: PolicyUnit): Channel[] =>
  so101Follower.joints.map(({ name, kind }) => ({
    name: `${name}.pos`,
    unit: kind === 'gripper' ? gripper : body,
  }))

const calibration: Calibration = Object.fromEntries(
  so101Follower.joints.map(({ name, servoId }) => [
    name,
    { id: servoId, driveMode: 0 as const, homingOffset: 0, rangeMin: 1023, rangeMax: 3070 },
  ]),
)

function converter(features: readonly Channel[], given: Calibration | null = null): VectorConverter {
  const made = VectorConverter.create(features, so101Follower, given)
  if (!made.ok) throw new Error(made.error.message)
  return made.value
}

describe('program units and policy units', () => {
  it('are degrees and 0…100 as LeRobot has them', () => {
    expect(
      converter(channels('degrees', 'range_0_100')).toPolicy([Math.PI / 2, 0, -Math.PI, 0.1, 0, 0.25]),
    ).toEqual([90, 0, -180, expect.closeTo(5.7296, 4), 0, 25])
  })

  it('are ±100 over the calibrated range', () => {
    const quarterTurn = (1023.5 * 2 * Math.PI) / 4095
    const values = converter(channels('range_m100_100', 'range_0_100'), calibration).toPolicy([
      quarterTurn,
      0,
      0,
      0,
      0,
      1,
    ])
    expect(values[0]).toBeCloseTo(100, 9)
  })

  it('convert back to what they were, in any unit and any order', () => {
    const vector = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 })
    const bodies = fc.constantFrom<PolicyUnit>('degrees', 'radians', 'range_m100_100')
    const grippers = fc.constantFrom<PolicyUnit>('range_0_100', 'range_0_1')
    fc.assert(
      fc.property(vector, bodies, grippers, fc.integer({ min: 0, max: 5 }), (pose, body, gripper, turn) => {
        const all = channels(body, gripper)
        const both = converter([...all.slice(turn), ...all.slice(0, turn)], calibration)
        both
          .toProgram(both.toPolicy(pose), [])
          .forEach((value, joint) => expect(value).toBeCloseTo(pose[joint] ?? 0, 9))
      }),
    )
  })

  it('leave joints alone that the policy does not command', () => {
    const five = converter(channels('radians', 'range_0_1').slice(0, 5))
    expect(five.toProgram([1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0.7])).toEqual([1, 2, 3, 4, 5, 0.7])
  })

  it('turn a missing number into NaN, which the chunk check refuses', () => {
    expect(converter(channels('radians', 'range_0_1')).toProgram([1, 2], [0, 0, 0, 0, 0, 0])[3]).toBeNaN()
  })

  it.each<[string, readonly Channel[], Calibration | null]>([
    ['a joint the arm does not have', [{ name: 'elbow_2.pos', unit: 'degrees' }], null],
    ['a gripper in degrees', [{ name: 'gripper.pos', unit: 'degrees' }], null],
    ['a body joint in 0…100', [{ name: 'elbow_flex.pos', unit: 'range_0_100' }], null],
    ['±100 without a calibration', [{ name: 'elbow_flex.pos', unit: 'range_m100_100' }], null],
  ])('refuse %s, naming it', (_, features, given) => {
    const made = VectorConverter.create(features, so101Follower, given)
    expect(made).toMatchObject({
      ok: false,
      error: { code: 'policy/contract-mismatch', data: { channel: features[0]?.name } },
    })
  })
})
