/** Every row of the reaction table of DESIGN §4, on arms without I/O. The same rows run on the simulator in test/integration. */
import { describe, expect, it } from 'vitest'
import { ok } from '#core/result.ts'
import { supplyNominalV } from '#core/control/supply.ts'
import { CoreRig, readingOf, zero } from './core-rig.ts'

const at = (pan: number) => [pan, 0, 0, 0, 0, 0.5]
const move =
  (rig: CoreRig, step = 0.004) =>
  () =>
    (rig.leader.pose[0] = (rig.leader.pose[0] ?? 0) + step)
const causes = (rig: CoreRig) => rig.core.view().causes.map((cause) => cause.code)

const inPolicy = () => {
  const rig = new CoreRig().engaged()
  rig.policyPose = () => ok(at(0.1))
  rig.tick(['giveToPolicy'])
  rig.until('policy')
  return rig
}

describe('one packet lost or corrupt', () => {
  it('changes nothing: the last good value counts, and the hand goes on driving', () => {
    const rig = new CoreRig().engaged()
    rig.follower.silent.add(2)
    rig.leader.silent.add(1)
    rig.tick()
    rig.follower.silent.clear()
    rig.leader.silent.clear()
    expect(rig.run(0.5)).toMatchObject({ mode: 'teleop', reactions: [] })
  })
})

describe('a follower servo that is silent', () => {
  it('goes on for 50 ms, then the arm comes to rest and holds, the joint named', () => {
    const rig = new CoreRig().engaged()
    rig.run(0.3, move(rig))
    rig.follower.silent.add(4)
    expect(rig.run(0.05).mode).toBe('teleop')
    expect(rig.tick().mode).toBe('slowStop')
    rig.until('holding', 0.4)
    expect(rig.core.view().causes[0]).toMatchObject({
      code: 'control/servo-silent',
      data: { joints: ['wrist_roll'] },
    })
    expect(rig.core.blocker('engage')?.code).toBe('control/servo-silent')
    expect(rig.monitor.violations).toEqual([])
  })

  it('is a fault after 0.5 s: nothing is sent, torque stays, a person acts', () => {
    const rig = new CoreRig().engaged()
    rig.follower.silent.add(4)
    rig.run(0.49)
    expect(rig.core.mode).toBe('holding')
    expect(rig.run(0.02)).toMatchObject({
      mode: 'fault',
      followerGoal: null,
      followerTorque: { wanted: 'asIs' },
    })
    rig.follower.silent.clear()
    expect(rig.run(1).mode).toBe('fault')
    rig.tick(['recover'])
    expect(rig.run(0.1).mode).toBe('holding')
    rig.tick(['engage'])
    rig.until('teleop')
    expect(rig.monitor.violations).toEqual([])
  })
})

describe('a program that stood still', () => {
  it('does not call silent what it was not there to hear', () => {
    const rig = new CoreRig().engaged()
    rig.lease = { silentUs: 10_000, deafUs: 10_000 }
    rig.run(0.1)
    rig.follower.silent.add(0)
    rig.leader.silent.add(0)
    rig.lease = { silentUs: 410_000, deafUs: 410_000 }
    rig.tick([], 400_000)
    expect(rig.core.mode).toBe('teleop')
    rig.follower.silent.clear()
    rig.leader.silent.clear()
    rig.lease = { silentUs: 15_000, deafUs: 15_000 }
    expect(rig.run(0.2).mode).toBe('teleop')
    rig.follower.silent.add(0)
    rig.run(0.03)
    rig.tick([], 100_000)
    expect(rig.core.mode).toBe('teleop')
    rig.run(0.03)
    expect(rig.core.mode).not.toBe('teleop')
    expect(rig.monitor.violations).toEqual([])
  })
})

describe('more than a fifth of the packets lost over a second', () => {
  it('stops and holds, and blocks until it is better', () => {
    const rig = new CoreRig().engaged()
    rig.follower.lostFraction = [0, 0.2, 0, 0, 0, 0]
    expect(rig.run(0.2).mode).toBe('teleop')
    rig.follower.lostFraction = [0, 0.25, 0, 0, 0, 0]
    expect(rig.tick().mode).toBe('slowStop')
    rig.until('holding')
    expect(rig.core.view().causes[0]).toMatchObject({
      code: 'control/packets-lost',
      data: { lostPercent: 25 },
    })
    expect(rig.tick(['engage']).replies[0]?.result.ok).toBe(false)
    rig.follower.lostFraction = [0, 0, 0, 0, 0, 0]
    rig.tick()
    rig.tick(['engage'])
    rig.until('teleop')
  })
})

describe('the follower’s bus gone', () => {
  it('is a fault at once, sends nothing, changes no torque; on return it holds without power until a person engages', () => {
    const rig = new CoreRig().engaged()
    const request = rig.last.followerTorque.request
    rig.follower.connection = 'gone'
    expect(rig.tick()).toMatchObject({
      mode: 'fault',
      followerGoal: null,
      followerTorque: { wanted: 'asIs', request },
    })
    expect(rig.core.blocker('recover')?.code).toBe('control/not-connected')
    rig.run(2)
    rig.follower.pose[1] = -0.4
    rig.follower.torque = { state: 'unknown', request: 0, fault: null }
    rig.follower.connection = 'connected'
    expect(rig.run(1)).toMatchObject({
      mode: 'holding',
      followerGoal: null,
      followerTorque: { wanted: 'asIs' },
    })
    expect(causes(rig)).toEqual(['bus/closed'])
    rig.tick(['engage'])
    rig.tick()
    expect(rig.last.followerGoal?.[1]).toBe(-0.4)
    rig.until('teleop')
    expect(rig.monitor.violations).toEqual([])
  })

  it('an e-stop while it is gone is still an e-stop', () => {
    const rig = new CoreRig().engaged()
    rig.follower.connection = 'gone'
    rig.tick()
    expect(rig.tick(['eStop'])).toMatchObject({ mode: 'eStop', followerTorque: { wanted: 'off' } })
    rig.follower.connection = 'connected'
    expect(rig.run(1)).toMatchObject({ mode: 'eStop', followerGoal: null })
  })
})

describe('the leader gone or stale', () => {
  it('for more than 100 ms in teleoperation stops and holds', () => {
    const rig = new CoreRig().engaged()
    rig.run(0.3, move(rig))
    for (let index = 0; index < 6; index++) rig.leader.silent.add(index)
    expect(rig.run(0.1).mode).toBe('teleop')
    expect(rig.tick().mode).toBe('slowStop')
    rig.until('holding')
    expect(causes(rig)).toEqual(['control/leader-lost'])
    expect(rig.monitor.violations).toEqual([])
  })

  it('its bus gone in teleoperation stops at once, and it may come back', () => {
    const rig = new CoreRig().engaged()
    rig.leader.connection = 'gone'
    expect(rig.tick().mode).toBe('slowStop')
    rig.until('holding')
    expect(rig.core.blocker('engage')?.code).toBe('control/leader-lost')
    rig.leader.connection = 'connected'
    rig.tick(['engage'])
    rig.until('teleop')
  })

  it('in autonomy only warns, and a take-over then holds', () => {
    const rig = inPolicy()
    rig.leader.connection = 'gone'
    rig.run(0.5)
    expect(rig.core.view()).toMatchObject({ mode: 'policy', warnings: [{ code: 'control/leader-lost' }] })
    expect(rig.tick(['takeOver']).mode).toBe('slowStop')
    rig.until('holding')
    expect(causes(rig)).toEqual(['control/leader-lost'])
    expect(rig.monitor.violations).toEqual([])
  })
})

describe('the driving page', () => {
  it.each(['teleop', 'policy'] as const)('silent for more than 300 ms in %s stops and holds', (mode) => {
    const rig = mode === 'teleop' ? new CoreRig().engaged() : inPolicy()
    rig.lease = { silentUs: 300_000, deafUs: 300_000 }
    expect(rig.tick().mode).toBe(mode)
    rig.lease = { silentUs: 301_000, deafUs: 301_000 }
    expect(rig.tick().mode).toBe('slowStop')
    rig.until('holding')
    expect(causes(rig)).toEqual(['control/page-silent'])
    expect(rig.monitor.violations).toEqual([])
  })

  it('without focus and without another stop key: a warning first, then a stop', () => {
    const rig = new CoreRig().engaged()
    rig.lease = { silentUs: 20_000, deafUs: 120_000 }
    rig.tick()
    expect(rig.core.view()).toMatchObject({ mode: 'teleop', warnings: [{ code: 'control/no-stop-key' }] })
    rig.lease = { silentUs: 20_000, deafUs: 320_000 }
    expect(rig.tick().mode).toBe('slowStop')
    rig.until('holding')
    expect(causes(rig)).toEqual(['control/no-stop-key'])
  })
})

describe('a hot servo', () => {
  it('warns at 55 °C, slows at 65 °C, stops when it stays, and blocks until it is cool', () => {
    const rig = new CoreRig().engaged()
    rig.follower.changes.set(2, { temperatureC: 55 })
    rig.tick()
    expect(rig.core.view()).toMatchObject({
      mode: 'teleop',
      speedFactor: 1,
      warnings: [{ code: 'control/servo-hot' }],
    })
    rig.follower.changes.set(2, { temperatureC: 65 })
    rig.tick()
    expect(rig.core.view()).toMatchObject({ mode: 'teleop', speedFactor: 0.5 })
    rig.run(1.9)
    expect(rig.core.mode).toBe('teleop')
    rig.run(0.2)
    rig.until('holding')
    expect(rig.core.view().causes[0]).toMatchObject({
      code: 'control/servo-hot',
      data: { joint: 'elbow_flex', value: 65 },
    })
    expect(rig.core.blocker('engage')?.code).toBe('control/servo-hot')
    rig.follower.changes.clear()
    rig.tick()
    expect(rig.core.blocker('engage')).toBeNull()
  })

  it('of the leader only warns', () => {
    const rig = inPolicy()
    rig.leader.changes.set(1, { temperatureC: 70 })
    rig.run(3)
    expect(rig.core.view()).toMatchObject({
      mode: 'policy',
      warnings: [{ code: 'control/servo-hot', data: { arm: 'leader', joint: 'shoulder_lift', value: 70 } }],
    })
  })

  it('stops at once close to the temperature at which the servo would let go', () => {
    const rig = new CoreRig().engaged()
    rig.follower.changes.set(0, { temperatureC: 68 })
    expect(rig.tick().mode).toBe('slowStop')
  })

  it('slowing down keeps inside the limits and really halves the speed', () => {
    const rig = new CoreRig().engaged()
    rig.run(0.5, move(rig, 0.0125))
    rig.follower.changes.set(2, { temperatureC: 65 })
    rig.run(0.3, move(rig, 0.0125))
    const before = rig.last.followerGoal?.[0] ?? 0
    rig.tick()
    expect(((rig.last.followerGoal?.[0] ?? 9) - before) / 0.005).toBeLessThanOrEqual(1.7501)
    expect(rig.monitor.violations).toEqual([])
  })
})

describe('overload and voltage', () => {
  it('an overload bit slows, then stops; engaging again switches torque on anew', () => {
    const rig = new CoreRig().engaged()
    rig.follower.changes.set(1, { statusBits: 0x20 })
    rig.tick()
    expect(rig.core.view()).toMatchObject({ mode: 'teleop', speedFactor: 0.5 })
    rig.run(0.5)
    rig.until('holding')
    expect(rig.core.view().causes[0]).toMatchObject({
      code: 'control/servo-overload',
      data: { joint: 'shoulder_lift' },
    })
    const { request } = rig.last.followerTorque
    expect(rig.tick(['engage']).followerTorque.request).toBe(request + 1)
    rig.follower.changes.clear()
    rig.until('teleop')
  })

  it('an overloaded gripper only warns: that is how it holds an object', () => {
    const rig = new CoreRig().engaged()
    rig.follower.changes.set(5, { statusBits: 0x28 })
    rig.run(3)
    expect(rig.core.view()).toMatchObject({
      mode: 'teleop',
      speedFactor: 1,
      warnings: [{ code: 'control/servo-overload', data: { joint: 'gripper' } }],
    })
    rig.tick(['hold'])
    rig.until('holding')
    const { request } = rig.last.followerTorque
    expect(rig.tick(['engage']).followerTorque.request).toBe(request)
  })

  it.each([6.2, 8.6])('a supply of %s V at 7.4 V nominal warns, slows, then stops', (voltageV) => {
    const rig = new CoreRig().engaged()
    for (let index = 0; index < 6; index++) rig.follower.changes.set(index, { voltageV })
    rig.tick()
    expect(rig.core.view()).toMatchObject({ speedFactor: 1, warnings: [{ code: 'control/servo-voltage' }] })
    rig.run(0.3)
    expect(rig.core.view()).toMatchObject({ mode: 'teleop', speedFactor: 0.5 })
    rig.run(0.75)
    rig.until('holding')
    expect(causes(rig)).toEqual(['control/servo-voltage'])
    expect(rig.core.blocker('engage')?.code).toBe('control/servo-voltage')
  })

  it('is judged by the supply that the arm was found on, or by the profile when it is none that is known', () => {
    const supplied = (voltageV: number) => supplyNominalV(7.4, readingOf(zero, 0, { voltageV }))
    expect([5.1, 6.4, 7.4, 8.4, 12.3, 9.5].map(supplied)).toEqual([5, 7.4, 7.4, 7.4, 12, 7.4])
    const rig = new CoreRig()
    for (let index = 0; index < 6; index++) rig.follower.changes.set(index, { voltageV: 5 })
    rig.engaged()
    expect(rig.run(2)).toMatchObject({ mode: 'teleop', reactions: [] })
    for (let index = 0; index < 6; index++) rig.follower.changes.set(index, { voltageV: 4.2 })
    rig.run(1.1)
    expect(causes(rig)).toEqual(['control/servo-voltage'])
  })

  it('a voltage inside 85 to 115 % is nothing', () => {
    const rig = new CoreRig().engaged()
    for (let index = 0; index < 6; index++) rig.follower.changes.set(index, { voltageV: 6.4 })
    expect(rig.run(3)).toMatchObject({ mode: 'teleop', reactions: [] })
  })

  it('a sensor error stops', () => {
    const rig = new CoreRig().engaged()
    rig.follower.changes.set(3, { statusBits: 0x02 })
    rig.run(0.25)
    rig.until('holding')
    expect(causes(rig)).toEqual(['control/servo-sensor'])
  })
})

describe('following error', () => {
  it('of more than 10° for 0.5 s stops, holds where the joint stands, and names it', () => {
    const rig = new CoreRig().engaged()
    rig.follower.stuck.add(1)
    rig.leader.pose[1] = 0.18
    rig.run(0.4)
    expect(rig.core.mode).toBe('teleop')
    rig.run(0.4)
    rig.until('holding')
    expect(rig.core.view().causes[0]).toMatchObject({
      code: 'control/following-error',
      data: { joint: 'shoulder_lift' },
    })
    rig.run(1.5)
    expect(rig.last.followerGoal?.[1]).toBeCloseTo(0, 1)
    expect(rig.monitor.violations).toEqual([])
  })

  it('of less than 10° is nothing, and a gripper that holds an object is nothing', () => {
    const rig = new CoreRig().engaged()
    rig.follower.stuck.add(1)
    rig.follower.stuck.add(5)
    rig.leader.pose[1] = 0.17
    rig.leader.pose[5] = 0
    expect(rig.run(3)).toMatchObject({ mode: 'teleop', reactions: [] })
  })
})

describe('a misaligned leader that takes over', () => {
  it('is never chased: hold within one tick, then aligning at align speed', () => {
    const rig = inPolicy()
    rig.run(1)
    for (let index = 0; index < 6; index++) rig.leader.stuck.add(index)
    rig.leader.pose = [0.9, 0, 0, 0, 0, 0.5]
    const taken = rig.tick(['takeOver'])
    expect(taken).toMatchObject({ mode: 'slowStop', source: 'hold' })
    expect(causes(rig)).toEqual(['control/misaligned'])
    rig.until('matching', 0.3)
    const from = rig.follower.pose[0] ?? 0
    rig.run(0.5)
    expect((rig.follower.pose[0] ?? 9) - from).toBeLessThanOrEqual(0.25)
    rig.until('teleop')
    expect(rig.last.isIntervention).toBe(true)
    rig.run(0.5)
    expect(rig.follower.pose).toEqual(expect.arrayContaining([zero[1]]))
    expect(rig.monitor.violations).toEqual([])
  })
})
