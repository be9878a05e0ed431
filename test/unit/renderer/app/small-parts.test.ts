import { describe, expect, it } from 'vitest'
import { armLive, driveState, rigState } from '#test/fakes/page-states.ts'
import { EventLog } from '#renderer/app/event-log.ts'
import { Freshness } from '#renderer/app/freshness.ts'
import { emptyLive, type LiveState } from '#renderer/app/live-state.ts'
import { RepaintGate } from '#renderer/app/repaint.ts'
import { armMayHaveTorque } from '#renderer/app/torque.ts'

describe('RepaintGate', () => {
  it('draws numbers ten times a second at most', () => {
    const gate = new RepaintGate()
    const drawn = Array.from({ length: 40 }, (_, i) =>
      gate.isDue(driveState('teleop', { timeUs: i }), i * 25),
    )
    expect(drawn.filter(Boolean)).toHaveLength(10)
  })

  it('draws a change of mode, cause, blocker or lease at once', () => {
    const gate = new RepaintGate()
    gate.isDue(driveState('teleop'), 0)
    expect(gate.isDue(driveState('policy'), 1)).toBe(true)
    expect(gate.isDue(driveState('policy', { lease: { holder: 'x', label: 'x' } }), 2)).toBe(true)
    expect(gate.isDue(driveState('policy', { lease: { holder: 'x', label: 'x' } }), 3)).toBe(false)
  })
})

describe('Freshness', () => {
  it('says nothing until news are 0.8 s old, then how old, in tenths', () => {
    const freshness = new Freshness(1000)
    expect(freshness.silentMs(1799)).toBeNull()
    expect(freshness.silentMs(1850)).toBe(800)
    expect(freshness.silentMs(2999)).toBe(1900)
    freshness.heard(3000)
    expect(freshness.silentMs(3100)).toBeNull()
  })
})

describe('EventLog', () => {
  it('keeps changes only, with the time the rig gave them', () => {
    const log = new EventLog()
    const cause = { code: 'control/servo-silent', message: '', joint: 'gripper', sinceUs: 900 }
    log.onState({ mode: 'teleop', cause: null, sinceUs: 100 })
    log.onState({ mode: 'teleop', cause: null, sinceUs: 100 })
    log.onState({ mode: 'slowStop', cause, sinceUs: 1000 })
    log.onState({ mode: 'slowStop', cause, sinceUs: 1000 })
    expect(log.list()).toEqual([
      { kind: 'mode', timeUs: 100, mode: 'teleop' },
      { kind: 'cause', timeUs: 900, code: 'control/servo-silent', joint: 'gripper' },
      { kind: 'mode', timeUs: 1000, mode: 'slowStop' },
    ])
  })

  it('forgets the oldest first', () => {
    const log = new EventLog()
    for (let i = 0; i < 100; i += 1)
      log.onState({ mode: i % 2 === 0 ? 'teleop' : 'holding', cause: null, sinceUs: i })
    expect(log.list()).toHaveLength(40)
    expect(log.list().at(-1)).toEqual({ kind: 'mode', timeUs: 99, mode: 'holding' })
  })
})

describe('armMayHaveTorque', () => {
  const session = {} as NonNullable<LiveState['session']>
  const state = (changes: Partial<LiveState>): LiveState => ({ ...emptyLive, session, ...changes })

  it('is true whenever nobody can say', () => {
    expect(armMayHaveTorque(emptyLive)).toBe(true)
    expect(armMayHaveTorque(state({ drive: driveState('idle'), rigSilentMs: 900 }))).toBe(true)
    expect(armMayHaveTorque(state({ rig: rigState() }))).toBe(true)
  })

  it('is false in idle and after an emergency stop, when the servos agree', () => {
    expect(armMayHaveTorque(state({ drive: driveState('idle') }))).toBe(false)
    expect(armMayHaveTorque(state({ drive: driveState('eStop') }))).toBe(false)
    expect(armMayHaveTorque(state({ rig: rigState({ status: 'none', rig: null, arms: [] }) }))).toBe(false)
  })

  it('is true when a servo still reports torque, whatever the mode', () => {
    const drive = driveState('idle', { follower: armLive({ torque: 'on' }) })
    expect(armMayHaveTorque(state({ drive }))).toBe(true)
  })

  it.each(['holding', 'matching', 'teleop', 'policy', 'blend', 'slowStop', 'fault'] as const)(
    'is true in %s',
    (mode) => expect(armMayHaveTorque(state({ drive: driveState(mode) }))).toBe(true),
  )
})
