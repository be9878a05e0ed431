import { describe, expect, it } from 'vitest'
import { modes } from '#core/control/mode.ts'
import { badgeModel, worstGap } from '#renderer/operate/control-bar/badge-model.ts'
import { driveTrust } from '#renderer/operate/control-bar/drive-trust.ts'
import { keysTrouble } from '#renderer/operate/control-bar/keys-banner.ts'
import { isAlarm, paintOf } from '#renderer/operate/control-bar/paint.ts'
import { causeText, sayModel } from '#renderer/operate/control-bar/say-model.ts'
import { operateMessages } from '#renderer/operate/messages.ts'
import { driveState, hostsRunning, recordState } from '#test/fakes/page-states.ts'

const en = operateMessages.en
const zh = operateMessages.zh

describe('paint', () => {
  it('gives every mode one paint and the two alarms a red bar', () => {
    expect(modes.map((mode) => paintOf(mode, null))).toEqual([
      'idle',
      'hold',
      'match',
      'human',
      'policy',
      'blend-policy',
      'hold',
      'fault',
      'estop',
    ])
    expect(modes.filter(isAlarm)).toEqual(['fault', 'eStop'])
  })

  it('turns a blend towards where it goes', () => {
    expect(paintOf('blend', 'human')).toBe('blend-human')
    expect(paintOf('blend', 'policy')).toBe('blend-policy')
    expect(paintOf('teleop', 'human')).toBe('human')
  })
})

describe('badge', () => {
  it('says word and consequence for every mode in both languages', () => {
    for (const mode of modes)
      for (const t of [en, zh]) {
        const model = badgeModel(driveState(mode), false, t)
        expect(model.word).not.toBe('')
        expect(model.sub).not.toBe('')
        expect(model.aria).not.toBe('')
      }
  })

  it('names the worst joint and the degrees to go while aligning', () => {
    const gaps = [
      { joint: 'shoulder_pan', gap: 0.1, isWithin: false },
      { joint: 'elbow_flex', gap: -0.593, isWithin: false },
      { joint: 'wrist_roll', gap: 2, isWithin: true },
    ]
    expect(badgeModel(driveState('matching', { gaps }), false, en).sub).toBe('elbow_flex 34.0° to go')
  })

  it('calls an analytic policy what it is', () => {
    expect(badgeModel(driveState('policy'), false, en).sub).toBe('Analytic demo, not learned')
    const policy = { id: 'a1', name: 'InternVLA-A1-3B', isLearned: true, isWarm: true }
    expect(badgeModel(driveState('policy', { policy }), false, en).sub).toBe('InternVLA-A1-3B')
  })

  it('counts down a blend in its direction', () => {
    const blend = { from: 'policy', to: 'human' } as const
    expect(badgeModel(driveState('blend', { blend, secondsLeft: 0.35 }), false, en).sub).toMatch(
      /^Policy to human, 0\.[34] s$/u,
    )
  })

  it('says in a fault whether torque can be trusted', () => {
    expect(badgeModel(driveState('fault'), false, en).sub).toBe(en.subFaultOn)
    expect(badgeModel(driveState('fault', { follower: null }), false, en).sub).toBe(en.subFaultUnknown)
  })

  it('finds no gap where all joints are within', () => {
    expect(worstGap([{ joint: 'a', gap: 3, isWithin: true }])).toBeNull()
    expect(worstGap(null)).toBeNull()
    expect(worstGap([{ joint: 'gripper', gap: -0.25, isWithin: false }])).toEqual({
      joint: 'gripper',
      figure: '0.25',
    })
  })
})

describe('trust in the drive state', () => {
  const fresh = {
    link: { status: 'connected' },
    drive: driveState('teleop'),
    hosts: hostsRunning,
    rigSilentMs: null,
  } as const

  it('is fresh only with a link, a running host and recent news', () => {
    expect(driveTrust(fresh)).toEqual({ kind: 'fresh' })
    expect(driveTrust({ ...fresh, rigSilentMs: 900 })).toEqual({ kind: 'silent', silentMs: 900 })
    expect(driveTrust({ ...fresh, drive: null })).toEqual({ kind: 'connecting' })
  })

  it('blames the link before anything else, then the host', () => {
    const dead = hostsRunning.map((host) =>
      host.name === 'rig' ? { ...host, status: 'restarting' as const } : host,
    )
    expect(driveTrust({ ...fresh, hosts: dead, rigSilentMs: 3000 })).toEqual({ kind: 'hostDown' })
    const fault = { code: 'contract/closed', message: '' } as const
    expect(driveTrust({ ...fresh, hosts: dead, link: { status: 'lost', fault, attempts: 1 } })).toEqual({
      kind: 'linkLost',
    })
  })
})

describe('the one sentence', () => {
  const record = recordState()

  it('is the task while all is well', () => {
    expect(sayModel(driveState('teleop'), record, { kind: 'fresh' }, 'en', en)).toEqual({
      first: 'Put the red cube in the blue box',
      second: 'cube-box-v4 · operator Lin',
    })
  })

  it('is the cause in a fault, with the joint', () => {
    const cause = { code: 'control/servo-silent', message: 'x', joint: 'wrist_roll', sinceUs: 1 }
    expect(sayModel(driveState('fault', { cause }), record, { kind: 'fresh' }, 'en', en).first).toBe(
      'A servo does not answer: wrist_roll',
    )
  })

  it('counts joints that are too many to name', () => {
    const cause = { code: 'control/servo-silent', message: '', joint: 'a, b, c, d', sinceUs: 1 }
    expect(causeText(cause, 'en')).toBe('A servo does not answer: 4 joints')
    expect(causeText({ ...cause, joint: 'a, b' }, 'en')).toBe('A servo does not answer: a, b')
    expect(causeText(cause, 'zh')).toContain('4 个关节')
  })

  it('shows the rig host’s own words for a cause that no table knows', () => {
    const cause = { code: 'new/code', message: 'something new', sinceUs: 1 }
    expect(sayModel(driveState('holding', { cause }), record, { kind: 'fresh' }, 'en', en).second).toBe(
      'something new',
    )
  })

  it('is the power switch where Esc cannot reach the arm, whatever was known before', () => {
    for (const trust of [
      { kind: 'hostDown' },
      { kind: 'linkLost' },
      { kind: 'silent', silentMs: 900 },
    ] as const)
      expect(sayModel(driveState('teleop'), record, trust, 'en', en).first).toBe(en.escCannotReach)
  })

  it('says how to take over while a policy drives', () => {
    expect(sayModel(driveState('policy'), record, { kind: 'fresh' }, 'zh', zh).second).toBe(
      zh.moveLeaderToTakeOver,
    )
  })
})

describe('keys that do not arrive', () => {
  it('are announced while the arm can move, and only then', () => {
    expect(keysTrouble('teleop', false, false)).toBe('noFocus')
    expect(keysTrouble('policy', true, true)).toBe('composing')
    expect(keysTrouble('teleop', true, false)).toBeNull()
    for (const mode of ['idle', 'holding', 'fault', 'eStop'] as const)
      expect(keysTrouble(mode, false, true)).toBeNull()
  })
})
