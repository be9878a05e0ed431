import { describe, expect, it } from 'vitest'
import { Monitor, type MonitorRule, type MonitorSample } from '#core/control/monitor.ts'
import type { Mode } from '#core/control/mode.ts'
import { periodUs, testProfile } from './core-rig.ts'

const ticksPerRad = 4096 / (2 * Math.PI)
const wire = testProfile.joints.map(() => ({ minTicks: 800, maxTicks: 3300, ticksPerRad }))
const pose = (pan: number) => [pan, 0, 0, 0, 0, 0.5]
const wirePose = (pan: number) => [pan, 2048, 2048, 2048, 2048, 2048]

/** Feeds one goal a period and returns every rule that was broken. */
const watch = (
  mode: Mode,
  goals: readonly number[],
  monitor = new Monitor({ joints: testProfile.joints, periodUs }),
) => {
  const found: MonitorRule[] = []
  for (const [index, pan] of goals.entries()) {
    const sample: MonitorSample = { timeUs: 1e6 + index * periodUs, mode, floatGoal: pose(pan) }
    found.push(...monitor.watch(sample).map((violation) => violation.rule))
  }
  return found
}

/** A ramp that reaches `radS` by steps of `radS2`·dt and stays there. */
const ramp = (radS: number, radS2: number, count: number): readonly number[] => {
  const goals = [0]
  let speed = 0
  for (let index = 1; index < count; index++) {
    speed = Math.min(speed + radS2 * 0.005, radS)
    goals.push((goals.at(-1) ?? 0) + speed * 0.005)
  }
  return goals
}

describe('monitor', () => {
  it.each(['idle', 'eStop', 'fault'] as const)(
    'calls a goal sent in %s what it is, float or wire',
    (mode) => {
      expect(watch(mode, [0])).toEqual(['sent-without-torque'])
      const monitor = new Monitor({ joints: testProfile.joints, periodUs, wire })
      expect(
        monitor.watch({ timeUs: 1, mode, floatGoal: null, wireGoalTicks: wirePose(2048) })[0]?.rule,
      ).toBe('sent-without-torque')
      expect(monitor.watch({ timeUs: 2, mode, floatGoal: null })).toEqual([])
      expect(monitor.count).toBe(1)
    },
  )

  it.each([
    ['holding', 0.5, 2],
    ['matching', 0.5, 2],
    ['blend', 0.5, 2],
    ['teleop', 3.5, 25],
    ['policy', 1.5, 10],
    ['slowStop', 0.5, 10],
  ] as const)('in %s lets pass %s rad/s reached at %s rad/s², and nothing more', (mode, radS, radS2) => {
    expect(watch(mode, ramp(radS, radS2, 60))).toEqual([])
    expect(new Set(watch(mode, ramp(radS * 1.01, radS2, 80)))).toEqual(new Set(['velocity']))
    expect(watch(mode, ramp(radS, radS2 * 1.01, 30))).toContain('acceleration')
  })

  it('finds a goal outside the range, a goal that is not a number, and a reversal that is too hard', () => {
    expect(watch('teleop', [1.9000001])).toEqual(['position'])
    expect(watch('teleop', [Number.NaN])).toEqual(['not-finite'])
    const there = ramp(3.5, 25, 40)
    expect(watch('teleop', [...there, there.at(-2) ?? 0])).toEqual(['acceleration'])
  })

  it('lets a slow stop begin at whatever speed there was, and only slow down', () => {
    const monitor = new Monitor({ joints: testProfile.joints, periodUs })
    const there = ramp(3.5, 25, 40)
    expect(watch('teleop', there, monitor)).toEqual([])
    let at = there.at(-1) ?? 0
    let speed = 3.5
    for (let index = 0; index < 80; index++) {
      speed = Math.max(0, speed - 10 * 0.005)
      at += speed * 0.005
      const timeUs = 1e6 + (there.length + index) * periodUs
      // The pan would leave its range at this speed: only speed is looked at here.
      const rules = monitor
        .watch({ timeUs, mode: 'slowStop', floatGoal: pose(at) })
        .map((violation) => violation.rule)
      expect(rules.filter((rule) => rule !== 'position')).toEqual([])
    }
  })

  it('takes a set-point to have stood still after a silence of more than three periods', () => {
    const monitor = new Monitor({ joints: testProfile.joints, periodUs })
    watch('teleop', ramp(3.5, 25, 40), monitor)
    const last = ramp(3.5, 25, 40).at(-1) ?? 0
    const after = 1e6 + 40 * periodUs + 500_000
    expect(monitor.watch({ timeUs: after, mode: 'teleop', floatGoal: pose(last + 0.0006) })).toEqual([])
    const again = monitor.watch({ timeUs: after + 500_000, mode: 'teleop', floatGoal: pose(last + 0.1) })
    expect(again.map((violation) => violation.rule)).toEqual(['velocity', 'acceleration'])
  })

  it('compares the first goal after torque came on with the measured pose', () => {
    const monitor = new Monitor({ joints: testProfile.joints, periodUs })
    const first = { timeUs: 1, mode: 'holding', floatGoal: pose(0.2) } as const
    expect(monitor.watch({ ...first, present: pose(0.1) })[0]).toMatchObject({
      rule: 'first-goal',
      joint: 'shoulder_pan',
    })
  })

  it('counts all violations and keeps the first hundred', () => {
    const monitor = new Monitor({ joints: testProfile.joints, periodUs })
    for (let index = 0; index < 150; index++)
      monitor.watch({ timeUs: index, mode: 'idle', floatGoal: pose(0) })
    expect(monitor.count).toBe(150)
    expect(monitor.violations).toHaveLength(100)
  })
})

describe('monitor on the wire', () => {
  const watchWire = (mode: Mode, ticks: readonly number[]) => {
    const monitor = new Monitor({ joints: testProfile.joints, periodUs, wire })
    return ticks.flatMap((pan, index) =>
      monitor
        .watch({ timeUs: 1e6 + index * periodUs, mode, floatGoal: null, wireGoalTicks: wirePose(pan) })
        .map((violation) => violation.rule),
    )
  }

  it('lets pass what rounding makes of a motion inside the limits', () => {
    const rounded = ramp(3.5, 25, 120).map((pan) => Math.round(900 + pan * ticksPerRad))
    expect(watchWire('teleop', rounded)).toEqual([])
  })

  it('finds a position outside the servo’s range, exactly', () => {
    expect(watchWire('teleop', [799])).toEqual(['wire-position'])
    expect(watchWire('teleop', [3301])).toEqual(['wire-position'])
    expect(watchWire('teleop', [1000.5])).toEqual(['wire-position'])
  })

  it('finds a speed above the limit over 50 ms and a jump above two ticks per dt²', () => {
    const fast = ramp(3.7, 25, 80).map((pan) => Math.round(900 + pan * ticksPerRad))
    expect(watchWire('teleop', fast)).toContain('wire-velocity')
    expect(watchWire('teleop', [2000, 2000, 2004])).toEqual(['wire-acceleration'])
    expect(watchWire('teleop', [2000, 2000, 2002])).toEqual([])
  })
})
