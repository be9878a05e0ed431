import { describe, expect, it } from 'vitest'
import { so101Follower } from '#core/arm/so101-profile.ts'
import { stsRegisters } from '#core/bus/feetech-registers.ts'
import { writeServoCalibration } from '#host/rig/bus/arm-calibration.ts'
import { calibrate, calibration, createBench, ids, openOn, readyArm, type Bench } from './bench.ts'

const calibrated = (): Bench => {
  const bench = createBench()
  calibrate(bench.servos)
  return bench
}

describe('opening an arm', () => {
  it('never switches torque on or off and sends no goal', async () => {
    const bench = calibrated()
    bench.servos.set(2, 'Torque_Enable', 1)
    for (const [name, value] of [
      ['P_Coefficient', 16],
      ['Maximum_Acceleration', 254],
    ] as const)
      bench.servos.set(2, name, value)
    const arm = await openOn(bench)
    expect(arm.ok && arm.value.report.heldJoints).toEqual(['shoulder_lift'])
    const touched = bench.servos.writes.map(({ address }) => address)
    expect(touched).not.toContain(stsRegisters.Torque_Enable.address)
    expect(touched).not.toContain(stsRegisters.Goal_Position.address)
  })

  it("gives a follower LeRobot's gains, acceleration and gripper protection", async () => {
    const { servos } = await readyArm('follower')
    for (const id of ids) {
      expect(servos.get(id, 'P_Coefficient')).toBe(16)
      expect(servos.get(id, 'I_Coefficient')).toBe(0)
      expect(servos.get(id, 'D_Coefficient')).toBe(32)
      expect(servos.get(id, 'Maximum_Acceleration')).toBe(254)
      expect(servos.get(id, 'Acceleration')).toBe(254)
    }
    expect(servos.get(6, 'Max_Torque_Limit')).toBe(500)
    expect(servos.get(6, 'Protection_Current')).toBe(250)
    expect(servos.get(6, 'Overload_Torque')).toBe(25)
    expect(servos.get(5, 'Max_Torque_Limit')).toBe(1000)
  })

  it('caps the gripper now and not only after the next power cycle', async () => {
    const { servos } = await readyArm('follower')
    expect(servos.get(6, 'Torque_Limit')).toBe(500)
  })

  it("leaves a leader's gains alone, and lifts the torque cap an earlier session left behind", async () => {
    const bench = calibrated()
    bench.servos.set(3, 'Torque_Limit', 150)
    await openOn(bench, 'leader')
    expect(bench.servos.get(3, 'P_Coefficient')).toBe(32)
    expect(bench.servos.get(3, 'Torque_Limit')).toBe(1000)
  })

  it('clears the multi-turn bit of Phase and keeps the others', async () => {
    const bench = calibrated()
    bench.servos.set(1, 'Phase', 12 | 0x10)
    await openOn(bench)
    expect(bench.servos.get(1, 'Phase')).toBe(12)
  })

  it('writes EPROM once and never again, unlocked while it does and locked afterwards', async () => {
    const bench = calibrated()
    await openOn(bench)
    expect(bench.servos.lockedEpromWrites).toBe(0)
    for (const id of ids) expect(bench.servos.get(id, 'Lock')).toBe(1)
    bench.servos.writes.length = 0
    const again = await openOn(bench)
    expect(bench.servos.writes).toEqual([])
    expect(again.ok && again.value.report.written).toEqual([])
  })

  it('locks EPROM that another program left open', async () => {
    const bench = calibrated()
    bench.servos.set(4, 'Lock', 0)
    await openOn(bench)
    expect(bench.servos.get(4, 'Lock')).toBe(1)
  })

  it('does not reconfigure a joint that holds, and says what to do', async () => {
    const bench = calibrated()
    bench.servos.set(2, 'Torque_Enable', 1)
    const arm = await openOn(bench)
    expect(arm).toMatchObject({ error: { code: 'control/not-allowed', data: { joint: 'shoulder_lift' } } })
    expect(bench.servos.writtenNames(2)).toEqual([])
  })

  it('names every joint that does not answer, and the cable when all after one are gone', async () => {
    const bench = calibrated()
    for (const id of [4, 5, 6]) bench.servos.silent.add(id)
    const arm = await openOn(bench)
    expect(arm).toMatchObject({
      error: { code: 'bus/no-reply', data: { joints: ['wrist_flex', 'wrist_roll', 'gripper'] } },
    })
    expect(arm.ok ? '' : arm.error.message).toContain('cable to wrist_flex')
  })

  it('asks about the power supply when nobody answers', async () => {
    const bench = calibrated()
    for (const id of ids) bench.servos.silent.add(id)
    const arm = await openOn(bench)
    expect(arm.ok ? '' : arm.error.message).toContain('powered')
  })

  it('refuses a servo of another model', async () => {
    const bench = calibrated()
    bench.servos.set(5, 'Model_Number', 2825)
    expect(await openOn(bench)).toMatchObject({
      error: {
        code: 'bus/wrong-model',
        data: { joint: 'wrist_roll', expected: 'sts3215', found: 'sts3250' },
      },
    })
  })

  it('reports firmware and doubts about the calibration', async () => {
    const bench = calibrated()
    const file = {
      ...calibration,
      elbow_flex: { id: 3, driveMode: 0 as const, homingOffset: 5, rangeMin: 0, rangeMax: 4095 },
    }
    calibrate(bench.servos, file)
    const arm = await openOn(bench, 'follower', file)
    expect(arm.ok && arm.value.report).toMatchObject({
      firmware: ids.map(() => '3.10'),
      calibrationDoubts: [{ joint: 'elbow_flex', kind: 'widerThanMechanics' }],
    })
  })

  it('fails when a servo stays in another mode than position', async () => {
    const bench = calibrated()
    bench.servos.set(3, 'Operating_Mode', 2)
    bench.servos.stuck.add('3.Operating_Mode')
    expect(await openOn(bench)).toMatchObject({
      error: { code: 'bus/servo-error', data: { joint: 'elbow_flex', register: 'Operating_Mode' } },
    })
    expect(bench.servos.get(3, 'Lock')).toBe(1)
  })

  it('reports, and lives with, a setting that the firmware does not take', async () => {
    const bench = calibrated()
    bench.servos.stuck.add('3.Acceleration')
    const arm = await openOn(bench)
    expect(arm.ok && arm.value.report.refused).toEqual(['elbow_flex.Acceleration'])
  })

  it('gives full torque to a servo whose Max_Torque_Limit says nothing', async () => {
    const bench = calibrated()
    bench.servos.set(3, 'Max_Torque_Limit', 0)
    await openOn(bench)
    expect(bench.servos.get(3, 'Torque_Limit')).toBe(1000)
  })
})

describe('the calibration of an arm', () => {
  it('must be the one its servos keep: both sides are shown per joint, and nothing is written', async () => {
    const bench = calibrated()
    bench.servos.set(3, 'Homing_Offset', 17)
    expect(await openOn(bench)).toMatchObject({
      error: {
        code: 'arm/calibration-mismatch',
        data: {
          joints: [{ joint: 'elbow_flex', file: { homingOffset: -958 }, servo: { homingOffset: 17 } }],
        },
      },
    })
    expect(bench.servos.writes).toEqual([])
  })

  it('is taken from the servos when no file is given', async () => {
    const arm = await openOn(calibrated(), 'follower', null)
    expect(arm.ok && arm.value.calibration).toEqual(calibration)
  })

  it('is missing when there is no file and the servos are as they left the factory', async () => {
    expect(await openOn(createBench(), 'follower', null)).toMatchObject({
      error: { code: 'arm/calibration-missing' },
    })
  })

  it('is written into the servos on request, with EPROM unlocked, only where it differs', async () => {
    const bench = calibrated()
    bench.servos.set(3, 'Homing_Offset', 17)
    const { clock, access, servos } = bench
    expect((await clock.run(writeServoCalibration(access, so101Follower, calibration))).ok).toBe(true)
    expect(servos.writtenNames(3)).toEqual([
      'Lock',
      'Homing_Offset',
      'Min_Position_Limit',
      'Max_Position_Limit',
      'Lock',
    ])
    expect(servos.lockedEpromWrites).toBe(0)
    expect(servos.writes.filter(({ id }) => id !== 3)).toEqual([])
    expect((await openOn(bench)).ok).toBe(true)
  })

  it('is not written while the joint holds', async () => {
    const { clock, access, servos } = createBench()
    servos.set(1, 'Torque_Enable', 1)
    expect(await clock.run(writeServoCalibration(access, so101Follower, calibration))).toMatchObject({
      error: { code: 'control/not-allowed' },
    })
    expect(servos.writes).toEqual([])
  })
})
