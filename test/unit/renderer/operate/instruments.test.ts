import { describe, expect, it } from 'vitest'
import { idleCapture } from '#renderer/capture/capture-controller.ts'
import type { CameraStats } from '#renderer/capture/worker-messages.ts'
import { fractionIn, jointRange } from '#renderer/operate/instruments/joint-range.ts'
import { readiness } from '#renderer/operate/instruments/readiness.ts'
import { servoExtremes } from '#renderer/operate/instruments/servo-extremes.ts'
import { causeFigure } from '#renderer/operate/instruments/warnings.tsx'
import { operateMessages } from '#renderer/operate/messages.ts'
import { statusCells, type StatusFacts } from '#renderer/operate/status-model.ts'
import { armLive, driveState, openTake, policyState, recordState, rigState } from '#test/fakes/page-states.ts'

const t = operateMessages.en

const stats = (changes: Partial<CameraStats> = {}): CameraStats => ({
  status: 'live',
  fault: null,
  fps: 30,
  ageMs: 21,
  take: null,
  ...changes,
})

describe('servoExtremes', () => {
  it('finds the hottest, most loaded and lowest of the fresh ones', () => {
    const found = servoExtremes(armLive())
    expect(found?.hottest.joint).toBe('gripper')
    expect(found?.mostLoaded.joint).toBe('gripper')
    expect(found?.lowestVoltage.joint).toBe('gripper')
  })

  it('counts load by its size, whichever way it pulls', () => {
    const arm = armLive()
    const servos = arm.servos.map((servo, i) => (i === 0 ? { ...servo, load: -0.9 } : servo))
    expect(servoExtremes({ ...arm, servos })?.mostLoaded.joint).toBe('shoulder_pan')
  })

  it('does not judge by stale readings', () => {
    const arm = armLive()
    const stale = arm.servos.map((servo) => ({ ...servo, isStale: true }))
    expect(servoExtremes({ ...arm, servos: stale })).toBeNull()
    expect(servoExtremes(null)).toBeNull()
  })
})

describe('jointRange', () => {
  it('is the profile’s for joints it knows and a full turn otherwise', () => {
    expect(jointRange('gripper')).toEqual({ lower: 0, upper: 1, isGripper: true })
    expect(jointRange('shoulder_pan').upper).toBeCloseTo(1.92, 2)
    expect(jointRange('seventh').upper).toBe(Math.PI)
    expect(jointRange('left_gripper').isGripper).toBe(true)
  })

  it('clamps what lies outside', () => {
    expect(fractionIn({ lower: -1, upper: 1, isGripper: false }, 5)).toBe(1)
    expect(fractionIn({ lower: -1, upper: 1, isGripper: false }, 0)).toBe(0.5)
  })
})

describe('readiness', () => {
  const facts = {
    drive: driveState('idle'),
    rig: rigState(),
    record: recordState(),
    cameras: { front: stats() },
  }

  it('leaves out what cannot be judged yet', () => {
    const items = readiness({ ...facts, record: null, cameras: {} }, 'en', t)
    expect(items.map((item) => item.id)).toEqual(['follower', 'leader', 'calibration'])
  })

  it('marks an arm of which servos are missing', () => {
    const arm = armLive()
    const follower = { ...arm, servos: arm.servos.map((servo, i) => ({ ...servo, isStale: i > 3 })) }
    const [item] = readiness({ ...facts, drive: driveState('idle', { follower }) }, 'en', t)
    expect(item).toMatchObject({ id: 'follower', verdict: 'bad', value: '4 servos, 7.3 V' })
  })

  it('says in words why an arm was refused', () => {
    const arms = rigState().arms.map((arm) =>
      arm.role === 'leader'
        ? { ...arm, fault: { code: 'arm/calibration-missing' as const, message: '' } }
        : arm,
    )
    const leader = readiness({ ...facts, rig: rigState({ arms }) }, 'en', t).find(
      (item) => item.id === 'leader',
    )
    expect(leader).toMatchObject({ verdict: 'bad', value: 'No calibration for this arm' })
  })

  it('counts cameras that give pictures', () => {
    const cameras = readiness(facts, 'en', t).find((item) => item.id === 'cameras')
    expect(cameras).toMatchObject({ value: '1 of 3', verdict: 'warn' })
  })

  it('warns of a disk that lasts less than a quarter of an hour', () => {
    const items = readiness({ ...facts, record: recordState({ diskSecondsLeft: 600 }) }, 'en', t)
    expect(items.find((item) => item.id === 'disk')?.verdict).toBe('warn')
  })
})

describe('causeFigure', () => {
  it('writes the figure of a warning with its unit', () => {
    expect(causeFigure({ temperatureC: 57 })).toBe('57 °C')
    expect(causeFigure({ lostFraction: 0.23 })).toBe('23 %')
    expect(causeFigure({ errorDeg: 12.34 })).toBe('12.3°')
    expect(causeFigure({ silentMs: 74 })).toBe('74 ms')
    expect(causeFigure({ silentMs: 3591 })).toBe('3.6 s')
    expect(causeFigure({ something: 3 })).toBe('')
    expect(causeFigure(undefined)).toBe('')
  })
})

describe('the status bar', () => {
  const facts: StatusFacts = {
    drive: driveState('teleop'),
    record: recordState(),
    policy: policyState(),
    capture: idleCapture,
    simSpeed: null,
    cameras: ['front', 'top'],
    t,
  }
  const cell = (id: string, changes: Partial<StatusFacts> = {}) =>
    statusCells({ ...facts, ...changes }).find((candidate) => candidate.id === id)

  it('has no cell for what was never measured', () => {
    const cells = statusCells({ ...facts, drive: null, record: null, policy: null })
    expect(cells).toEqual([])
  })

  it('shows rate and lateness of the loop, red beyond a millisecond', () => {
    expect(cell('loop')).toMatchObject({ value: '200.0 Hz', note: 'p99.9 late 0.31 ms', isBad: false })
    const loop = { ...driveState('teleop').loop!, latenessP999Us: 1400 }
    expect(cell('loop', { drive: driveState('teleop', { loop }) })?.isBad).toBe(true)
  })

  it('adds up the errors of both buses and shows the busier one', () => {
    const leader = { ...armLive(), bus: { ...armLive().bus, corrupt: 2, utilisation: 0.5 } }
    expect(cell('bus', { drive: driveState('teleop', { leader }) })).toMatchObject({
      value: '2 errors',
      note: '50 %',
      isBad: true,
    })
  })

  it('shows measured rates only, and repeats only of a running take', () => {
    const capture = { ...idleCapture, cameras: { front: stats({ fps: 29.97 }) } }
    expect(cell('cameras')).toBeUndefined()
    expect(cell('cameras', { capture })).toMatchObject({ value: '30.0 –', note: '' })
    const record = recordState({ phase: 'recording', take: openTake({ repeats: { front: 1, top: 2 } }) })
    expect(cell('cameras', { capture, record })?.note).toBe('3 repeats')
  })

  it('shows a policy only while one is chosen and measured', () => {
    const policy = policyState({
      latency: { count: 3, p50Ms: 12, p99Ms: 20, maxMs: 30, histogram: { first: 20, counts: [1] } },
      residentMemoryMb: 310,
    })
    expect(cell('policy', { policy })).toBeUndefined()
    expect(cell('policy', { policy, drive: driveState('policy') })).toMatchObject({
      value: '12 ms',
      note: '310 MB',
    })
  })

  it('shows the skew of a take with the bound of the clock', () => {
    const take = { frames: 1, repeats: 0, skewMs: -7, encoder: 'avc1', queue: 0 }
    const capture = { ...idleCapture, clockUncertaintyUs: 400, cameras: { front: stats({ take }) } }
    expect(cell('skew', { capture })).toMatchObject({ value: '7 ms', note: '± 0.4', isWide: true })
  })

  it('says when the simulation drags, and when the monitor saw a limit broken', () => {
    expect(cell('speed', { simSpeed: 1 })).toBeUndefined()
    expect(cell('speed', { simSpeed: 0.83 })).toMatchObject({ value: '83 %', note: 'of real time' })
    expect(cell('monitor')).toBeUndefined()
    expect(cell('monitor', { drive: driveState('teleop', { monitorViolations: 2 }) })).toMatchObject({
      value: '2 over the limits',
      isBad: true,
    })
  })
})
