import { describe, expect, it } from 'vitest'
import { causeModel } from '#renderer/operate/cause/cause-model.ts'
import { chainModel, numberList } from '#renderer/operate/cause/chain-model.ts'
import { causeMessages } from '#renderer/operate/cause/messages.ts'
import { armLive, driveState, jointNames } from '#test/fakes/page-states.ts'

const t = causeMessages.en

const armWithSilent = (...silent: number[]) => {
  const arm = armLive()
  return {
    ...arm,
    servos: arm.servos.map((servo, i) => ({ ...servo, isStale: silent.includes(i + 1) })),
    bus: { ...arm.bus, silentUs: jointNames.map((_, i) => (silent.includes(i + 1) ? 1_800_000 : 0)) },
  }
}

describe('chainModel', () => {
  it('finds the break where every servo behind it is silent', () => {
    const chain = chainModel(armWithSilent(5, 6), false)
    expect(chain.map((link) => link.state)).toEqual([
      'answers',
      'answers',
      'answers',
      'answers',
      'lost',
      'lost',
    ])
    expect(chain.filter((link) => link.isBreak).map((link) => link.joint)).toEqual(['wrist_roll'])
  })

  it('claims no break when one servo in the middle is silent', () => {
    expect(chainModel(armWithSilent(3), false).some((link) => link.isBreak)).toBe(false)
  })

  it('claims no break when all are silent: it may be the power', () => {
    expect(chainModel(armWithSilent(1, 2, 3, 4, 5, 6), false).some((link) => link.isBreak)).toBe(false)
  })

  it('does not count a reading that is stale for less than 50 ms', () => {
    const arm = armWithSilent(6)
    const chain = chainModel({ ...arm, bus: { ...arm.bus, silentUs: jointNames.map(() => 20_000) } }, false)
    expect(chain.every((link) => link.state === 'answers')).toBe(true)
  })

  it('shows servos without torque as loose', () => {
    expect(chainModel(armLive(), true).every((link) => link.state === 'loose')).toBe(true)
  })
})

describe('numberList', () => {
  it.each([
    [[], ''],
    [[5], '5'],
    [[5, 6], '5 and 6'],
    [[1, 2, 3, 4], '1 to 4'],
    [[1, 3, 6], '1, 3 and 6'],
  ])('%j reads %j', (numbers, text) => {
    expect(numberList(numbers, 'and', 'to')).toBe(text)
  })
})

describe('causeModel', () => {
  const cause = { code: 'control/servo-silent', message: 'silent', joint: 'wrist_roll', sinceUs: 1 }

  it('names the silent servos, the break, what the arm does and three steps', () => {
    const model = causeModel(driveState('fault', { cause, follower: armWithSilent(5, 6) }), 'en', t)
    expect(model.title).toBe('Servos 5 and 6 do not answer')
    expect(model.detail).toBe(
      'Last answer 1.8 s ago. Servos 1 to 4 answer normally. The break is between wrist_flex and wrist_roll.',
    )
    expect(model.steps).toEqual(['Push in the cable at wrist_roll, both ends', t.lightBlinks])
    expect(model.armDoes).toBe(t.armHoldsPart)
    expect(model.note).toBe(t.lookingAgain)
  })

  it('looks at the leader’s chain when the leader is the cause', () => {
    const model = causeModel(
      driveState('fault', { cause: { ...cause, arm: 'leader' }, leader: armWithSilent(2, 3, 4, 5, 6) }),
      'en',
      t,
    )
    expect(model.role).toBe('leader')
    expect(model.title).toBe('Servos 2 to 6 do not answer')
  })

  it('says that torque cannot be changed when the bus is gone', () => {
    const gone = { code: 'bus/closed', message: 'unplugged', sinceUs: 1 }
    const model = causeModel(driveState('fault', { cause: gone, follower: null }), 'en', t)
    expect(model.title).toBe('The port was closed')
    expect(model.chain).toEqual([])
    expect(model.armDoes).toBe(t.armUnknown)
    expect(model).toMatchObject({ detail: '', raw: 'unplugged' })
    expect(model.steps).toEqual(['Plug the arm in again, then reconnect.'])
  })

  it('does not claim to look again for what no looking will cure', () => {
    const model = causeModel(
      driveState('fault', { cause: { code: 'control/limit-violation', message: '', sinceUs: 1 } }),
      'en',
      t,
    )
    expect(model.note).toBe('')
  })

  it('tells a confirmed cut of torque from one that is not', () => {
    const cut = { code: 'control/e-stop-asked', message: '', sinceUs: 1 }
    const sure = causeModel(driveState('eStop', { cause: cut }), 'en', t)
    expect(sure.title).toBe('You cut the torque')
    expect(sure.detail).toBe(t.cutDetail(true))
    const unsure = causeModel(
      driveState('eStop', { cause: cut, follower: armLive({ torque: 'unknown' }) }),
      'en',
      t,
    )
    expect(unsure.detail).toBe(t.cutDetail(false))
  })

  it('speaks Chinese', () => {
    const model = causeModel(
      driveState('fault', { cause, follower: armWithSilent(5, 6) }),
      'zh',
      causeMessages.zh,
    )
    expect(model.title).toBe('舵机 5 和 6 无应答')
  })
})
