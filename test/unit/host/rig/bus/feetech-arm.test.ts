import { describe, expect, it } from 'vitest'
import { tickOfUnit } from '#core/arm/joint-ticks.ts'
import { jointCalibration } from '#core/arm/calibration.ts'
import { flipBit, lose } from '#test/fakes/fake-byte-channel.ts'
import { calibration, ids, readyArm } from './bench.ts'

const zero = [0, 0, 0, 0, 0, 0.5]

describe('reading an arm', () => {
  it('gives positions in radians and openings, the rest in SI, from one pass of 14 bytes', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    servos.set(1, 'Present_Position', 2699)
    servos.set(1, 'Present_Velocity', -652)
    servos.set(6, 'Present_Position', jointCalibration(calibration, 'gripper').rangeMax)
    const reading = await clock.run(arm.read(clock.nowUs() + 4000))
    if (!reading.ok) throw new Error(reading.error.message)
    const [pan, , , , , gripper] = reading.value.joints
    expect(pan?.position).toBeCloseTo((651.5 * 2 * Math.PI) / 4095, 9)
    expect(pan?.velocity).toBeCloseTo(-1.0004, 3)
    expect(gripper?.position).toBe(1)
    expect(pan).toMatchObject({ temperatureC: 30, isStale: false, statusBits: 0 })
    expect(channel.written.map(({ bytes }) => bytes.length)).toEqual([14])
  })

  it('stamps the reading with the arrival of the last answer', async () => {
    const { clock, arm } = await readyArm()
    const startUs = clock.nowUs()
    const reading = await clock.run(arm.read(startUs + 4000))
    expect(reading.ok && reading.value.timeUs - startUs).toBe(1400)
    expect(reading.ok && (reading.value.joints[0]?.readUs ?? 0) - startUs).toBe(350)
  })

  it('shows error bits of the status even when the register does not have them yet', async () => {
    const { clock, arm, servos } = await readyArm()
    servos.errorBits.set(2, 0x20)
    const reading = await clock.run(arm.read(clock.nowUs() + 4000))
    expect(reading.ok && reading.value.joints[1]?.statusBits).toBe(0x20)
  })

  it('keeps the last good value of a joint whose answer is lost or damaged, marked stale', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    await clock.run(arm.read(clock.nowUs() + 4000))
    servos.set(3, 'Present_Position', 1500)
    for (const mischief of [lose, flipBit(50)]) {
      channel.mischief = (answer, index) => (answer[2] === 3 ? mischief(answer, index) : [{ bytes: answer }])
      const startUs = clock.nowUs()
      const reading = await clock.run(arm.read(startUs + 4000))
      if (!reading.ok) throw new Error(reading.error.message)
      expect(reading.value.joints.map((joint) => joint.isStale)).toEqual([
        false,
        false,
        true,
        false,
        false,
        false,
      ])
      expect(reading.value.joints[2]?.position).toBeCloseTo(0.00077, 4)
      expect(reading.value.joints[2]?.readUs).toBeLessThan(startUs)
      expect(reading.value.joints[1]?.readUs).toBeGreaterThan(startUs)
    }
    channel.mischief = (bytes) => [{ bytes }]
    const reading = await clock.run(arm.read(clock.nowUs() + 4000))
    expect(reading.ok && reading.value.joints[2]).toMatchObject({ isStale: false })
  })

  it('asks a servo that failed last, so that those behind it do not wait for it', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    servos.silent.add(2)
    await clock.run(arm.read(clock.nowUs() + 4000))
    await clock.run(arm.read(clock.nowUs() + 4000))
    expect([...(channel.written.at(-1)?.bytes.subarray(7, 13) ?? [])]).toEqual([1, 3, 4, 5, 6, 2])
  })

  it('reports how long a servo has been silent and how much it loses', async () => {
    const { clock, arm, servos } = await readyArm()
    await clock.run(arm.read(clock.nowUs() + 4000))
    servos.silent.add(2)
    const startUs = clock.nowUs()
    for (let i = 0; i < 20; i += 1) {
      await clock.run(arm.read(startUs + i * 5000 + 4000))
      await clock.pass(startUs + (i + 1) * 5000 - clock.nowUs())
    }
    const stats = arm.stats(clock.nowUs())
    expect(stats.silentUs[1]).toBeGreaterThan(95_000)
    expect(stats.silentUs[0]).toBeLessThan(5000)
    expect(stats.lostFraction[1]).toBeGreaterThan(0.3)
    expect(stats.lostFraction[0]).toBe(0)
  })

  it('fails only when the bus is gone', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    for (const id of ids) servos.silent.add(id)
    const reading = await clock.run(arm.read(clock.nowUs() + 4000))
    expect(reading.ok && reading.value.joints.every((joint) => joint.isStale)).toBe(true)
    const told: string[] = []
    arm.onClose((fault) => told.push(fault.code))
    channel.unplug()
    expect(await clock.run(arm.read(clock.nowUs() + 4000))).toMatchObject({ error: { code: 'bus/closed' } })
    expect(told).toEqual(['bus/closed'])
  })
})

describe('goals', () => {
  it('are refused before torque was switched on, and nothing reaches the wire', async () => {
    const { arm, channel } = await readyArm()
    expect(arm.writeGoals(zero)).toMatchObject({ error: { code: 'control/not-allowed' } })
    expect(channel.written).toEqual([])
  })

  it('are rounded to the nearest tick and sent in one packet of 26 bytes', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    await clock.run(arm.torqueOn())
    channel.written.length = 0
    const goal = [0.5, -0.25, 1, 0, -2.7, 0.3]
    expect(arm.writeGoals(goal)).toEqual({ ok: true, value: undefined })
    expect(channel.written.map(({ bytes }) => bytes.length)).toEqual([26])
    for (const [j, joint] of arm.profile.joints.entries())
      expect(servos.get(joint.servoId, 'Goal_Position')).toBe(
        tickOfUnit(joint, jointCalibration(calibration, joint.name), goal[j] ?? NaN),
      )
  })

  it.each([
    ['NaN', [0, NaN, 0, 0, 0, 0.5], 'shoulder_lift'],
    ['infinity', [0, 0, Infinity, 0, 0, 0.5], 'elbow_flex'],
    ['a position out of range', [0, 0, 0, 2, 0, 0.5], 'wrist_flex'],
    ['an opening above one', [0, 0, 0, 0, 0, 1.1], 'gripper'],
  ])('are refused whole when one holds %s', async (_name, goal, joint) => {
    const { clock, arm, channel } = await readyArm()
    await clock.run(arm.torqueOn())
    channel.written.length = 0
    expect(arm.writeGoals(goal)).toMatchObject({ error: { code: 'bus/out-of-range', data: { joint } } })
    expect(channel.written).toEqual([])
  })

  it('are refused when their number is wrong', async () => {
    const { clock, arm } = await readyArm()
    await clock.run(arm.torqueOn())
    expect(arm.writeGoals([0, 0])).toMatchObject({ error: { code: 'bus/out-of-range' } })
  })

  it('at the ends of the profile are inside the range', async () => {
    const { clock, arm } = await readyArm()
    await clock.run(arm.torqueOn())
    expect(arm.writeGoals(arm.profile.joints.map((joint) => joint.upper)).ok).toBe(true)
    expect(arm.writeGoals(arm.profile.joints.map((joint) => joint.lower)).ok).toBe(true)
  })
})

describe('the torque cap', () => {
  it('is a share of what each joint may have at most', async () => {
    const { clock, arm, servos } = await readyArm()
    expect((await clock.run(arm.setTorqueLimit(0.3))).ok).toBe(true)
    expect(servos.get(1, 'Torque_Limit')).toBe(300)
    expect(servos.get(6, 'Torque_Limit')).toBe(150)
  })

  it('is refused outside 0…1', async () => {
    const { clock, arm, servos } = await readyArm()
    for (const fraction of [-0.1, 1.1, NaN])
      expect(await clock.run(arm.setTorqueLimit(fraction))).toMatchObject({
        error: { code: 'bus/out-of-range' },
      })
    expect(servos.writes).toEqual([])
  })
})

describe('a servo that loses its torque by itself', () => {
  const powered = async () => {
    const bench = await readyArm()
    for (const id of ids) bench.servos.set(id, 'Present_Position', 2048)
    expect(await bench.clock.run(bench.arm.torqueOn())).toMatchObject({ ok: true })
    const read = async () => {
      const reading = await bench.clock.run(bench.arm.read(bench.clock.nowUs() + 4000))
      if (!reading.ok) throw new Error(reading.error.message)
      return reading.value.joints.map(({ hasReset }) => hasReset === true)
    }
    expect(await read()).toEqual([false, false, false, false, false, false])
    return { ...bench, read }
  }
  const onlyThird = [false, false, true, false, false, false]

  it('gets no goal from the same tick on, the others do, until torque is switched on anew', async () => {
    const { arm, clock, servos, read } = await powered()
    servos.set(3, 'Torque_Enable', 0)
    expect(await read()).toEqual(onlyThird)
    servos.writes.length = 0
    expect(arm.writeGoals(zero)).toMatchObject({ ok: true })
    expect(await read()).toEqual(onlyThird)
    expect(servos.writtenNames(3)).toEqual([])
    expect(servos.writtenNames(2)).toEqual(['Goal_Position'])
    expect(await clock.run(arm.torqueOn())).toMatchObject({ ok: true })
    expect(servos.writtenNames(3)).toEqual(['Goal_Position', 'Torque_Enable'])
    expect(await read()).not.toContain(true)
  })

  it('is found by its settings when a goal switched it on again before it was asked', async () => {
    const { servos, read } = await powered()
    servos.set(3, 'Acceleration', 0)
    expect(await read()).toEqual(onlyThird)
    servos.set(3, 'Acceleration', 254)
    expect(await read()).toEqual(onlyThird)
  })

  it('is not taken for one whose protection switched it off', async () => {
    const { servos, read } = await powered()
    servos.set(6, 'Torque_Enable', 0)
    servos.errorBits.set(6, 0x20)
    expect(await read()).not.toContain(true)
  })
})
