import { describe, expect, it } from 'vitest'
import { jointCalibration } from '#core/arm/calibration.ts'
import { stsRegisters } from '#core/bus/feetech-registers.ts'
import { lose } from '#test/fakes/fake-byte-channel.ts'
import { calibration, ids, readyArm } from './bench.ts'

const zero = [0, 0, 0, 0, 0, 0.5]
const goalAddress = stsRegisters.Goal_Position.address

describe('switching torque on', () => {
  it('makes the present position the goal, reads it back, and only then powers the joint', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    for (const id of ids) servos.set(id, 'Present_Position', 2000 + id)
    expect(await clock.run(arm.torqueOn())).toEqual({ ok: true, value: undefined })
    for (const id of ids) {
      expect(servos.writtenNames(id)).toEqual(['Goal_Position', 'Torque_Enable'])
      expect(servos.get(id, 'Goal_Position')).toBe(2000 + id)
      expect(servos.get(id, 'Torque_Enable')).toBe(1)
    }
    const ofFirst = channel.written
      .filter(({ bytes }) => bytes[2] === 1)
      .map(({ bytes }) => [bytes[4], bytes[5]])
    expect(ofFirst).toEqual([
      [2, 56],
      [2, 56],
      [3, 42],
      [2, 42],
      [3, 40],
      [2, 40],
    ])
  })

  it('lets goals pass from then on', async () => {
    const { clock, arm } = await readyArm()
    await clock.run(arm.torqueOn())
    expect(arm.writeGoals(zero).ok).toBe(true)
  })

  it('stops at a joint that does not take the goal: it is named, not powered, and no goal may follow', async () => {
    const { clock, arm, servos } = await readyArm()
    servos.stuck.add('3.Goal_Position')
    expect(await clock.run(arm.torqueOn())).toMatchObject({
      error: { code: 'arm/torque-failed', data: { joint: 'elbow_flex' } },
    })
    expect(servos.get(3, 'Torque_Enable')).toBe(0)
    expect(servos.get(2, 'Torque_Enable')).toBe(1)
    expect(servos.get(2, 'Goal_Position')).toBe(servos.get(2, 'Present_Position'))
    expect(servos.get(4, 'Torque_Enable')).toBe(0)
    expect(arm.writeGoals(zero)).toMatchObject({ error: { code: 'control/not-allowed' } })
  })

  it('names a joint whose torque does not come on', async () => {
    const { clock, arm, servos } = await readyArm()
    servos.stuck.add('5.Torque_Enable')
    servos.set(5, 'Torque_Enable', 0)
    // A goal write would power it; this servo's output stage is dead.
    servos.stuck.add('5.Goal_Position')
    servos.set(5, 'Goal_Position', 2048)
    expect(await clock.run(arm.torqueOn())).toMatchObject({
      error: { code: 'arm/torque-failed', data: { joint: 'wrist_roll' } },
    })
  })

  it('names a joint that falls silent meanwhile', async () => {
    const { clock, arm, servos } = await readyArm()
    servos.silent.add(4)
    expect(await clock.run(arm.torqueOn())).toMatchObject({
      error: { code: 'arm/torque-failed', data: { joint: 'wrist_flex', cause: 'bus/no-reply' } },
    })
    expect(servos.writes).toEqual([])
  })

  it('powers nothing while a joint stands far outside its calibrated range', async () => {
    const { clock, arm, servos } = await readyArm()
    servos.set(3, 'Present_Position', 500)
    expect(await clock.run(arm.torqueOn())).toMatchObject({
      error: { code: 'arm/torque-failed', data: { joint: 'elbow_flex', reason: 'outsideRange' } },
    })
    expect(servos.writes).toEqual([])
  })

  it('holds at the end of the range when a joint is a little outside it', async () => {
    const { clock, arm, servos } = await readyArm()
    servos.set(6, 'Present_Position', 1410)
    expect((await clock.run(arm.torqueOn())).ok).toBe(true)
    expect(servos.get(6, 'Goal_Position')).toBe(jointCalibration(calibration, 'gripper').rangeMin)
  })

  it('holds up the passes of the loop by no more than a few of them when an answer is lost', async () => {
    const { clock, arm, channel } = await readyArm()
    channel.mischief = (answer, index) => (index % 9 === 1 ? lose(answer, index) : [{ bytes: answer }])
    expect((await clock.run(arm.torqueOn())).ok).toBe(true)
    const repeats = channel.written.flatMap(({ bytes, atUs }, i) => {
      const next = channel.written[i + 1]
      return next !== undefined && Buffer.compare(bytes, next.bytes) === 0 ? [next.atUs - atUs] : []
    })
    expect(repeats.length).toBeGreaterThan(2)
    expect(Math.max(...repeats)).toBeLessThan(20_000)
  })

  it('survives single lost answers', async () => {
    const { clock, arm, channel } = await readyArm()
    channel.mischief = (answer, index) => (index % 4 === 1 ? lose(answer, index) : [{ bytes: answer }])
    expect((await clock.run(arm.torqueOn())).ok).toBe(true)
  })
})

describe('switching torque off', () => {
  it('releases all joints with one packet at once, then has each confirm', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    await clock.run(arm.torqueOn())
    channel.written.length = 0
    const release = arm.torqueOff()
    for (const id of ids) expect(servos.get(id, 'Torque_Enable')).toBe(0)
    expect(await clock.run(release)).toEqual({ ok: true, value: undefined })
    expect(channel.written).toHaveLength(7)
  })

  it('refuses goals from the moment it begins', async () => {
    const { clock, arm, servos } = await readyArm()
    await clock.run(arm.torqueOn())
    const release = arm.torqueOff()
    servos.writes.length = 0
    expect(arm.writeGoals(zero)).toMatchObject({ error: { code: 'control/not-allowed' } })
    await clock.run(release)
    expect(servos.writes.map(({ address }) => address)).not.toContain(goalAddress)
    expect(arm.writeGoals(zero)).toMatchObject({ error: { code: 'control/not-allowed' } })
  })

  it('takes back a goal that still waits for the line', async () => {
    const { clock, arm, servos } = await readyArm()
    await clock.run(arm.torqueOn())
    servos.writes.length = 0
    const reading = arm.read(clock.nowUs() + 4000)
    expect(arm.writeGoals(zero).ok).toBe(true)
    const release = arm.torqueOff()
    await clock.run(Promise.all([reading, release]))
    expect(servos.writes.map(({ address }) => address)).not.toContain(goalAddress)
    for (const id of ids) expect(servos.get(id, 'Torque_Enable')).toBe(0)
  })

  it('tries every joint although one is dead, and names only that one', async () => {
    const { clock, arm, servos } = await readyArm()
    await clock.run(arm.torqueOn())
    servos.silent.add(2)
    const startUs = clock.nowUs()
    expect(await clock.run(arm.torqueOff())).toMatchObject({
      error: { code: 'arm/torque-failed', data: { joints: ['shoulder_lift'] } },
    })
    expect(clock.nowUs() - startUs).toBeLessThan(200_000)
    for (const id of ids) expect(servos.get(id, 'Torque_Enable')).toBe(id === 2 ? 1 : 0)
  })

  it('stops a torque-on under way, and no joint stays powered', async () => {
    for (let afterUs = 200; afterUs < 12_000; afterUs += 700) {
      const { clock, arm, servos } = await readyArm()
      const powering = arm.torqueOn()
      await clock.pass(afterUs)
      const release = arm.torqueOff()
      const [on, off] = await clock.run(Promise.all([powering, release]))
      expect(off.ok).toBe(true)
      if (!on.ok) expect(on.error.code).toBe('control/not-allowed')
      for (const id of ids) expect(servos.get(id, 'Torque_Enable')).toBe(0)
      expect(arm.writeGoals(zero)).toMatchObject({ error: { code: 'control/not-allowed' } })
    }
  })

  it('goes before everything that waits on the bus', async () => {
    const { clock, arm, servos } = await readyArm()
    await clock.run(arm.torqueOn())
    const capping = arm.setTorqueLimit(0.5)
    const reading = arm.read(clock.nowUs() + 20_000)
    const startUs = clock.nowUs()
    await clock.run(arm.torqueOff())
    expect(clock.nowUs() - startUs).toBeLessThan(3000)
    await clock.run(Promise.all([capping, reading]))
    for (const id of ids) expect(servos.get(id, 'Torque_Enable')).toBe(0)
  })

  it('says that the bus is gone when it is', async () => {
    const { clock, arm, channel } = await readyArm()
    channel.unplug()
    expect(await clock.run(arm.torqueOff())).toMatchObject({ error: { code: 'bus/closed' } })
    expect(await clock.run(arm.torqueOn())).toMatchObject({ error: { code: 'bus/closed' } })
  })
})

describe('closing an arm', () => {
  it('leaves torque as it is and lets no goal pass any more', async () => {
    const { clock, arm, servos, channel } = await readyArm()
    await clock.run(arm.torqueOn())
    servos.writes.length = 0
    await arm[Symbol.asyncDispose]()
    expect(channel.isDisposed).toBe(true)
    expect(servos.writes).toEqual([])
    expect(servos.get(1, 'Torque_Enable')).toBe(1)
    expect(arm.writeGoals(zero).ok).toBe(false)
  })
})
