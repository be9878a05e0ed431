/**
 * The reaction table of DESIGN §4 on the simulated pair: every row caused by a fault of the simulator, seen through the real
 * bus owner and loop, in virtual time. A monitor on the wire watches all of it.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, ok, unwrap, type Result } from '#core/result.ts'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { PoseSource } from '#test/fakes/pose-source.ts'
import { VirtualPair } from '#test/fakes/virtual-pair.ts'

let pair: VirtualPair
beforeEach(async () => {
  pair = await VirtualPair.start()
})
afterEach(async () => {
  expect(pair.session.measured.monitor.violations).toEqual([])
  expect(pair.wireMonitor.violations).toEqual([])
  expect(pair.forbidden).toEqual([])
  await pair[Symbol.asyncDispose]()
})

const code = () => pair.state.cause?.code
/** A hand that sweeps shoulder and elbow. */
const sweep = () => pair.hand((s) => [0.4 * Math.sin(s * 1.5), 0.3 + 0.2 * Math.sin(s), -0.2, 0, 0, 0.2])
const isPowered = () => pair.world.arms.follower.servos.every((servo) => servo.isTorqueOn)

/** Gives the arm to something that moves the shoulder pan from where the arm is. */
const give = async (): Promise<PoseSource> => {
  const base = pair.last.sent ?? []
  const startUs = pair.clock.nowUs()
  const source = new PoseSource(() => {
    const seconds = (pair.clock.nowUs() - startUs) / 1e6
    return ok(base.map((value, index) => (index === 0 ? value + 0.3 * Math.sin(seconds) : value)))
  })
  pair.session.setPolicy({ name: 'sweep', source })
  await pair.pass(0.02)
  unwrap(await pair.ask(pair.session.giveToPolicy()))
  await pair.until('policy')
  return source
}

describe('without a fault', () => {
  it('engages, follows the hand, is given away and taken back, and ends parked with torque off', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(3)
    expect(pair.state).toMatchObject({ mode: 'teleop', source: 'human', warnings: [], cause: null })
    await give()
    await pair.pass(2)
    expect(pair.world.arms.leader.servos.every((servo) => servo.isTorqueOn)).toBe(true)
    unwrap(await pair.ask(pair.session.takeOver()))
    expect(pair.last.source).toBe('human')
    await pair.pass(1)
    unwrap(await pair.ask(pair.session.endSession()))
    await pair.pass(0.2)
    expect(pair.session.mode).toBe('idle')
    expect(pair.world.arms.follower.servos.some((servo) => servo.isTorqueOn)).toBe(false)
  })

  it('torque comes on in the safe order: goal first, then torque, servo by servo', async () => {
    await pair.engaged()
    const first = pair.acts.filter((act) => act.arm === 'follower' && act.values.size === 1)
    for (const id of [1, 2, 3, 4, 5, 6]) {
      const own = first.filter((act) => act.values.has(id)).map((act) => act.kind)
      expect(own.slice(0, 2)).toEqual(['goal', 'torque'])
    }
  })

  it('a hand on the mirrored leader takes over', async () => {
    await pair.engaged()
    await pair.pass(0.5)
    await give()
    await pair.pass(1.5)
    pair.hand(() => [0.9, 0.3, -0.2])
    await pair.pass(1.2)
    expect(['teleop', 'slowStop', 'matching']).toContain(pair.session.mode)
    expect(pair.records.some((record) => record.isIntervention || record.mode === 'slowStop')).toBe(true)
    await pair.until('teleop')
  })
})

describe('packets', () => {
  it('one lost or corrupt now and then: stale values, counted, and the hand goes on driving', async () => {
    await pair.engaged()
    sweep()
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'drop', joint: 'elbow_flex', amount: 1, count: 3 }))
    await pair.pass(0.5)
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'corrupt', amount: 1, count: 3 }))
    unwrap(await pair.faults.set({ bus: 'leader', kind: 'drop', amount: 1, count: 3 }))
    await pair.pass(1)
    expect(pair.session.mode).toBe('teleop')
    expect(pair.records.some((record) => record.follower?.joints.some((joint) => joint.isStale))).toBe(true)
    expect(pair.last.follower?.joints.some((joint) => joint.isStale)).toBe(false)
    expect(pair.state.follower?.bus.timeouts).toBeGreaterThan(0)
    expect(pair.state.follower?.bus.corrupt).toBeGreaterThan(0)
  })

  it('one in twenty lost on both lines, requests too: the hand goes on driving', async () => {
    await pair.engaged()
    sweep()
    for (const bus of ['leader', 'follower'] as const)
      unwrap(await pair.faults.set({ bus, kind: 'drop', amount: 0.05 }))
    await pair.pass(20)
    expect(pair.state).toMatchObject({ mode: 'teleop', cause: null })
    for (const fraction of pair.state.follower?.bus.lostFraction ?? []) expect(fraction).toBeGreaterThan(0.01)
  })

  it('more than a fifth of them lost: slow stop, hold, cause shown', async () => {
    await pair.engaged()
    sweep()
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'drop', joint: 'wrist_flex', amount: 0.35 }))
    await pair.until('holding', 3)
    expect(pair.state.cause).toMatchObject({
      code: 'control/packets-lost',
      arm: 'follower',
      joint: 'wrist_flex',
    })
    expect(isPowered()).toBe(true)
  })
})

describe('a silent servo', () => {
  it('stops the arm after 50 ms, is a fault after 0.5 s, and a person brings the arm back', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.5)
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'silent', joint: 'wrist_roll' }))
    const silentUs = pair.clock.nowUs()
    await pair.until('slowStop', 0.2)
    expect(pair.clock.nowUs() - silentUs).toBeGreaterThan(45_000)
    expect(pair.clock.nowUs() - silentUs).toBeLessThan(75_000)
    await pair.until('fault', 1)
    expect(pair.clock.nowUs() - silentUs).toBeLessThan(530_000)
    expect(pair.state.cause).toMatchObject({ code: 'control/servo-silent', joint: 'wrist_roll' })
    expect(isPowered()).toBe(true)
    unwrap(await pair.faults.clearAll().then(() => ok(undefined)))
    await pair.pass(1.5)
    expect(pair.session.mode).toBe('fault')
    unwrap(await pair.ask(pair.session.recover()))
    await pair.pass(0.3)
    expect(pair.session.mode).toBe('holding')
    unwrap(await pair.ask(pair.session.engage({ keepClearAcknowledged: true })))
    await pair.until('teleop')
  })
})

describe('a bus that is gone', () => {
  it('the follower’s: fault, nothing sent, torque stays; back: hold, and a person re-engages', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.5)
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'unplug' }))
    const count = pair.acts.length
    await pair.pass(0.1)
    expect(pair.session.mode).toBe('fault')
    expect(code()).toBe('bus/closed')
    expect(pair.state.follower).toBeNull()
    expect(isPowered()).toBe(true)
    await pair.pass(1)
    expect(pair.acts.slice(count).filter((act) => act.arm === 'follower')).toEqual([])
    unwrap(await pair.faults.clear({ bus: 'follower', kind: 'unplug' }))
    pair.arms.follower = await pair.openArm('follower')
    unwrap(pair.session.attach('follower', pair.arms.follower))
    await pair.pass(0.5)
    expect(pair.session.mode).toBe('holding')
    expect(pair.last.sent).toBeNull()
    unwrap(await pair.ask(pair.session.engage({ keepClearAcknowledged: true })))
    await pair.until('teleop')
  })

  it('the leader’s: slow stop, hold; back, a person engages', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.5)
    unwrap(await pair.faults.set({ bus: 'leader', kind: 'unplug' }))
    await pair.until('holding', 1)
    expect(code()).toBe('control/leader-lost')
    unwrap(await pair.faults.clear({ bus: 'leader', kind: 'unplug' }))
    pair.arms.leader = await pair.openArm('leader')
    unwrap(pair.session.attach('leader', pair.arms.leader))
    await pair.pass(0.1)
    unwrap(await pair.ask(pair.session.engage({ keepClearAcknowledged: true })))
    await pair.until('teleop')
  })
})

describe('a leader that does not answer', () => {
  it('for more than 100 ms stops teleoperation', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.5)
    unwrap(await pair.faults.set({ bus: 'leader', kind: 'silent' }))
    const silentUs = pair.clock.nowUs()
    await pair.until('slowStop', 0.3)
    expect(pair.clock.nowUs() - silentUs).toBeGreaterThan(90_000)
    expect(pair.clock.nowUs() - silentUs).toBeLessThan(125_000)
    await pair.until('holding', 1)
    expect(code()).toBe('control/leader-lost')
  })
})

describe('a policy', () => {
  it.each([
    ['that is late', fail('policy/timeout', 'chunk used up')],
    ['that answers NaN', ok([Number.NaN, 0, 0, 0, 0, 0])],
    ['that leaves the range', ok([4, 0, 0, 0, 0, 0])],
  ] as readonly [string, Result<JointVector>][])(
    '%s: hold, source shown, a person decides',
    async (_, bad) => {
      await pair.engaged()
      await pair.pass(0.3)
      const source = await give()
      await pair.pass(1)
      source.pose = () => bad
      await pair.pass(0.02)
      expect(pair.last).toMatchObject({ source: 'hold' })
      await pair.until('holding', 2)
      await pair.pass(1)
      expect(pair.session.mode).toBe('holding')
      expect(code()).toBe(
        bad.ok
          ? Number.isNaN(bad.value[0])
            ? 'policy/not-finite'
            : 'policy/out-of-range'
          : 'policy/timeout',
      )
    },
  )
})

describe('the driving page', () => {
  it('silent for more than 300 ms: slow stop, hold', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.3)
    pair.lease = { silentUs: 310_000, deafUs: 310_000 }
    await pair.until('holding', 1)
    expect(code()).toBe('control/page-silent')
  })

  it('without a stop key that arrives: a warning, then slow stop, hold', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.3)
    pair.lease = { silentUs: 10_000, deafUs: 200_000 }
    await pair.pass(0.05)
    expect(pair.state).toMatchObject({ mode: 'teleop', warnings: [{ code: 'control/no-stop-key' }] })
    pair.lease = { silentUs: 10_000, deafUs: 310_000 }
    await pair.until('holding', 1)
    expect(code()).toBe('control/no-stop-key')
  })
})

describe('servos in trouble', () => {
  it('hot: a warning, then slower, then slow stop and hold', async () => {
    await pair.engaged()
    sweep()
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'hot', joint: 'elbow_flex', amount: 57 }))
    await pair.pass(0.5)
    expect(pair.state).toMatchObject({
      mode: 'teleop',
      derate: 1,
      warnings: [{ code: 'control/servo-hot', joint: 'elbow_flex' }],
    })
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'hot', joint: 'elbow_flex', amount: 66 }))
    await pair.pass(0.5)
    expect(pair.state).toMatchObject({ mode: 'teleop', derate: 0.5 })
    await pair.until('holding', 4)
    expect(pair.state.cause).toMatchObject({ code: 'control/servo-hot', joint: 'elbow_flex' })
    expect(pair.state.commands.engage?.code).toBe('control/servo-hot')
  })

  it('reset by a dip of the supply: it gets no goal, the others stop and hold; engaging powers it in order', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(1)
    const since = pair.acts.length
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'reset', joint: 'elbow_flex' }))
    await pair.until('holding', 4)
    await pair.pass(0.5)
    expect(pair.state.cause).toMatchObject({
      code: 'control/servo-reset',
      arm: 'follower',
      joint: 'elbow_flex',
    })
    const { servos } = pair.world.arms.follower
    expect(servos.every((servo, index) => index === 2 || servo.isTorqueOn)).toBe(true)
    const toElbow = () =>
      pair.acts.slice(since).filter(({ arm, values }) => arm === 'follower' && values.has(3))
    // One may have been under way when the supply dipped; it switches the servo on, and its settings tell.
    expect(toElbow().length).toBeLessThanOrEqual(1)
    const seen = toElbow().length
    await pair.engaged()
    const next = toElbow().slice(seen, seen + 2)
    expect(next.map(({ kind, values }) => `${kind} ${values.size}`)).toEqual(['goal 1', 'torque 1'])
    expect(isPowered()).toBe(true)
  })

  it('overloaded: slower, then slow stop and hold; engaging again clears it', async () => {
    await pair.engaged()
    await pair.pass(0.3)
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'overload', joint: 'wrist_roll' }))
    await pair.until('holding', 2)
    expect(pair.state.cause).toMatchObject({ code: 'control/servo-overload', joint: 'wrist_roll' })
    unwrap(await pair.ask(pair.session.engage({ keepClearAcknowledged: true })))
    await pair.until('teleop')
    await pair.pass(1)
    expect(pair.session.mode).toBe('teleop')
  })

  it('supply too low: warned, slower, then slow stop and hold', async () => {
    await pair.engaged()
    await pair.pass(0.3)
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'voltage', amount: 6 }))
    await pair.pass(0.1)
    expect(pair.state).toMatchObject({ mode: 'teleop', warnings: [{ code: 'control/servo-voltage' }] })
    await pair.until('holding', 3)
    expect(code()).toBe('control/servo-voltage')
  })

  it('stuck: following error, slow stop, hold, joint named', async () => {
    await pair.engaged()
    await pair.pass(0.3)
    unwrap(await pair.faults.set({ bus: 'follower', kind: 'stuck', joint: 'shoulder_pan' }))
    pair.hand((s) => [Math.min(0.4, s * 0.5), 0.3, -0.2])
    await pair.until('holding', 4)
    expect(pair.state.cause).toMatchObject({ code: 'control/following-error', joint: 'shoulder_pan' })
    await pair.pass(1)
    expect(pair.session.mode).toBe('holding')
  })
})

describe('a misaligned leader that takes over', () => {
  it('is not chased: hold within one tick, then aligning', async () => {
    await pair.engaged()
    await pair.pass(0.3)
    unwrap(await pair.ask(pair.session.hold()))
    await pair.until('holding')
    pair.hand(() => [0.9, 0.3, -0.2])
    await pair.pass(1.5)
    const base = pair.last.sent ?? []
    pair.session.setPolicy({ name: 'still', source: new PoseSource(() => ok(base)) })
    await pair.pass(0.02)
    unwrap(await pair.ask(pair.session.giveToPolicy()))
    await pair.pass(0.1)
    expect(pair.session.mode).toBe('blend')
    unwrap(await pair.ask(pair.session.takeOver()))
    expect(pair.last.source).toBe('hold')
    expect(code()).toBe('control/misaligned')
    await pair.until('matching', 0.5)
    expect(pair.last.sent?.[0]).toBeCloseTo(base[0] ?? 0, 2)
    await pair.until('teleop')
  })
})

describe('stops', () => {
  it('stop: slow stop under the limits, hold, torque on', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(1)
    unwrap(await pair.ask(pair.session.stop()))
    await pair.until('holding', 1)
    expect(code()).toBe('control/stop-asked')
    expect(isPowered()).toBe(true)
  })

  it('e-stop at any moment of a tick: torque off, and no goal on the wire after the call', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.5)
    await pair.pass(0.0007)
    const count = pair.acts.length
    unwrap(await pair.ask(pair.session.eStop()))
    await pair.pass(0.3)
    expect(pair.acts.slice(count).filter((act) => act.arm === 'follower' && act.kind === 'goal')).toEqual([])
    expect(pair.world.arms.follower.servos.some((servo) => servo.isTorqueOn)).toBe(false)
    expect(pair.session.mode).toBe('eStop')
    unwrap(await pair.ask(pair.session.recover()))
    await pair.pass(0.3)
    expect(pair.session.mode).toBe('holding')
    expect(isPowered()).toBe(true)
  })
})
