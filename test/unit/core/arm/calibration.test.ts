import { describe, expect, it } from 'vitest'
import { parseCalibration, serialiseCalibration } from '#core/arm/calibration.ts'
import { calibrationHash } from '#core/arm/calibration-hash.ts'
import { reviewCalibration } from '#core/arm/calibration-review.ts'
import { nominalCalibration } from '#core/arm/nominal-calibration.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'

const nominal = nominalCalibration(so101Follower, [-137, 412, -958, 203, 1290, -611])

/** The nominal file with one joint's field replaced. */
const spoiled = (joint: string, change: object): string => {
  const file = JSON.parse(serialiseCalibration(nominal)) as Record<string, object>
  return JSON.stringify({ ...file, [joint]: { ...file[joint], ...change } })
}

describe('calibration files', () => {
  it('come back as they were written', () => {
    expect(parseCalibration(serialiseCalibration(nominal), so101Follower)).toEqual({
      ok: true,
      value: nominal,
    })
  })

  it("are written with LeRobot's keys, order and indent", () => {
    expect(serialiseCalibration(nominal).split('\n').slice(0, 8)).toEqual([
      '{',
      '    "shoulder_pan": {',
      '        "id": 1,',
      '        "drive_mode": 0,',
      '        "homing_offset": -137,',
      '        "range_min": 797,',
      '        "range_max": 3298',
      '    },',
    ])
  })

  it.each([
    ['no JSON', '{', /not JSON/u],
    ['a list', '[]', /no object/u],
    ['null', 'null', /no object/u],
    ['a joint the arm does not have', spoiled('wheel', { id: 7 }), /wheel/u],
    ['a missing joint', '{}', /shoulder_pan is missing/u],
    ['the id of another servo', spoiled('gripper', { id: 5 }), /gripper: id is 5/u],
    ['an unknown drive mode', spoiled('gripper', { drive_mode: 2 }), /drive_mode 2/u],
    [
      'the homing offset 2048, which no servo can store',
      spoiled('gripper', { homing_offset: 2048 }),
      /2048/u,
    ],
    ['half a tick', spoiled('gripper', { range_min: 10.5 }), /range 10.5/u],
    ['a number as text', spoiled('gripper', { range_min: '10' }), /range/u],
    ['a range past the turn', spoiled('gripper', { range_max: 4096 }), /4096/u],
    ['an empty range', spoiled('gripper', { range_min: 2000, range_max: 2000 }), /empty/u],
  ])('are refused when they hold %s', (_name, text, message) => {
    const result = parseCalibration(text, so101Follower)
    expect(result).toMatchObject({ ok: false, error: { code: 'arm/calibration-invalid' } })
    expect(result.ok ? '' : result.error.message).toMatch(message)
  })

  it('name the joint at fault as data', () => {
    expect(parseCalibration(spoiled('elbow_flex', { range_min: -1 }), so101Follower)).toMatchObject({
      error: { data: { joint: 'elbow_flex' } },
    })
  })
})

describe('a calibration hash', () => {
  it('is the same for the same numbers in any order of joints', () => {
    const reversed = Object.fromEntries(Object.entries(nominal).reverse())
    expect(calibrationHash(reversed)).toBe(calibrationHash(nominal))
    expect(calibrationHash(nominal)).toMatch(/^[0-9a-f]{16}$/u)
  })

  it('changes with any number', () => {
    const gripper = nominal['gripper']
    if (gripper === undefined) throw new Error('no gripper')
    expect(calibrationHash({ ...nominal, gripper: { ...gripper, rangeMax: gripper.rangeMax + 1 } })).not.toBe(
      calibrationHash(nominal),
    )
  })

  it('takes joint names in any script', () => {
    expect(
      calibrationHash({ 手腕: { id: 1, driveMode: 0, homingOffset: 0, rangeMin: 0, rangeMax: 1 } }),
    ).toMatch(/^[0-9a-f]{16}$/u)
  })
})

describe('the review of a calibration', () => {
  it('finds nothing to doubt in the nominal one, whose wrist_roll is a full turn', () => {
    expect(nominal['wrist_roll']).toMatchObject({ rangeMin: 0, rangeMax: 4095 })
    expect(reviewCalibration(so101Follower, nominal)).toEqual([])
  })

  it('doubts a joint that was pushed through 0/4095 while recording', () => {
    const calibration = parseCalibration(
      spoiled('elbow_flex', { range_min: 0, range_max: 4095 }),
      so101Follower,
    )
    expect(calibration.ok && reviewCalibration(so101Follower, calibration.value)).toMatchObject([
      { joint: 'elbow_flex', kind: 'widerThanMechanics' },
    ])
  })

  it('doubts a joint that was hardly moved while recording', () => {
    const calibration = parseCalibration(
      spoiled('wrist_flex', { range_min: 2000, range_max: 2100 }),
      so101Follower,
    )
    expect(calibration.ok && reviewCalibration(so101Follower, calibration.value)).toMatchObject([
      { joint: 'wrist_flex', kind: 'narrow' },
    ])
  })
})
