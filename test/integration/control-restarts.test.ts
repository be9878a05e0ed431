/**
 * The rows of the reaction table in which a process goes away, on the simulated pair in virtual time: the servos keep what
 * they were told last, and whoever comes back moves nothing until a person acts.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok, unwrap } from '#core/result.ts'
import type { ArmName } from '#host/sim/scene/layout.ts'
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

const sweep = () => pair.hand((s) => [0.4 * Math.sin(s * 1.5), 0.3 + 0.2 * Math.sin(s), -0.2, 0, 0, 0.2])
const isPowered = (arm: ArmName) => pair.world.arms[arm].servos.every((servo) => servo.isTorqueOn)
const pose = () => pair.world.arms.follower.anglesRad()
const speed = () => Math.max(...pair.world.arms.follower.velocitiesRadPerS().map(Math.abs))
/** The largest way that a joint went since `from`, radians. Servos creep on to their goal against friction, 1 mrad a second. */
const moved = (from: readonly number[]) =>
  Math.max(...pose().map((angle, index) => Math.abs(angle - (from[index] ?? Number.NaN))))
/** What was sent since `count` acts that could move the follower. */
const sentSince = (count: number) => pair.acts.slice(count).filter(({ arm }) => arm === 'follower')

const engageAgain = async () => {
  unwrap(await pair.ask(pair.session.engage({ keepClearAcknowledged: true })))
  await pair.until('teleop')
}

/** Gives the arm to something that moves the shoulder pan from where the arm is. */
const give = async () => {
  const base = pair.last.sent ?? []
  const startUs = pair.clock.nowUs()
  const swing = () => 0.3 * Math.sin((pair.clock.nowUs() - startUs) / 1e6)
  const source = new PoseSource(() => ok(base.map((value, index) => (index === 0 ? value + swing() : value))))
  pair.session.setPolicy({ name: 'sweep', source })
  await pair.pass(0.02)
  unwrap(await pair.ask(pair.session.giveToPolicy()))
  await pair.until('policy')
}

describe('the rig host dead', () => {
  it('in mid-sweep: the servos go to their last goal and stay; restarted, it holds and nothing moves', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(1.2)
    await pair.pass(0.0013)
    const count = pair.acts.length
    await pair.killRig()
    await pair.pass(1.5)
    expect(isPowered('follower')).toBe(true)
    expect(speed()).toBeLessThan(0.01)
    const rested = pose()

    await pair.restartRig()
    await pair.pass(2)
    expect(pair.state).toMatchObject({
      mode: 'holding',
      source: 'hold',
      cause: { code: 'control/held-since' },
    })
    expect(pair.last.sent).toBeNull()
    expect(sentSince(count)).toEqual([])
    expect(isPowered('follower')).toBe(true)
    expect(moved(rested)).toBeLessThan(0.005)

    await engageAgain()
    await pair.pass(0.5)
    expect(pair.state).toMatchObject({ mode: 'teleop', cause: null })
  })

  it('in autonomy: the leader is held too; restarted, nothing moves, and engaging lets the leader go to the hand', async () => {
    await pair.engaged()
    await pair.pass(0.3)
    await give()
    await pair.pass(1)
    expect(isPowered('leader')).toBe(true)
    const count = pair.acts.length
    await pair.killRig()
    await pair.pass(1.5)
    const rested = pose()

    await pair.restartRig()
    await pair.pass(1)
    expect(pair.session.mode).toBe('holding')
    expect(sentSince(count)).toEqual([])
    expect(moved(rested)).toBeLessThan(0.005)
    await engageAgain()
    expect(isPowered('leader')).toBe(false)
    expect(isPowered('follower')).toBe(true)
  })

  it('before torque was on: restarted, it is idle and sends nothing', async () => {
    await pair.pass(0.3)
    await pair.killRig()
    await pair.restartRig()
    await pair.pass(0.5)
    expect(pair.state).toMatchObject({ mode: 'idle', cause: null })
    expect(sentSince(0)).toEqual([])
  })

  it('after an emergency stop: restarted, torque stays off until a person engages', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(0.5)
    unwrap(await pair.ask(pair.session.eStop()))
    await pair.pass(0.1)
    const count = pair.acts.length
    await pair.killRig()
    await pair.restartRig()
    await pair.pass(1)
    expect(pair.session.mode).toBe('idle')
    expect(sentSince(count)).toEqual([])
    expect(pair.world.arms.follower.servos.some((servo) => servo.isTorqueOn)).toBe(false)
  })
})

describe('main lost', () => {
  it('the arm slows down under its limits and is left holding; the next start moves nothing', async () => {
    await pair.engaged()
    sweep()
    await pair.pass(1.2)
    let isLeft = false
    void pair.session.leaveHolding('main-lost').then(() => (isLeft = true))
    await pair.pass(1)
    expect(isLeft).toBe(true)
    expect(pair.records.at(-1)).toMatchObject({ mode: 'holding', source: 'hold' })
    expect(isPowered('follower')).toBe(true)
    expect(speed()).toBeLessThan(0.01)
    const rested = pose()
    const count = pair.acts.length
    await pair.killRig()
    await pair.restartRig()
    await pair.pass(1)
    expect(pair.state).toMatchObject({ mode: 'holding', cause: { code: 'control/held-since' } })
    expect(sentSince(count)).toEqual([])
    expect(moved(rested)).toBeLessThan(0.005)
  })
})
