import { describe, expect, it } from 'vitest'
import type { RigContract } from '#core/policy/contract-check.ts'
import { checkModel, type CheckMoment, type ModelFacts } from '#core/policy/model-check.ts'

const spread = (mean: readonly number[]) => ({
  mean,
  std: mean.map(() => 10),
  min: mean.map((value) => value - 30),
  max: mean.map((value) => value + 30),
})

const model: ModelFacts = {
  robot: 'so_follower',
  robots: ['so_follower', 'aloha'],
  isRobotKnown: true,
  robotTypes: ['so_follower'],
  actionMode: 'abs',
  state: spread([40, -60, 50]),
  action: spread([41, -58, 50]),
  isRelative: [true, true, false],
  stateChannels: [
    { name: 'a.pos', unit: 'degrees' },
    { name: 'b.pos', unit: 'degrees' },
    { name: 'gripper.pos', unit: 'range_0_100' },
  ],
  tokenizer: '/models/tokenizer.json',
}

const rig: RigContract = { robotType: 'so_follower', fps: 30, cameras: [], state: [], action: [], extras: [] }
const moment: CheckMoment = {
  state: [40, -60, 50],
  instruction: { tokens: 7, limit: 48, problem: null },
}

const notOk = (changes: Partial<ModelFacts>, at: Partial<CheckMoment> = {}, robotType = 'so_follower') =>
  checkModel({ ...model, ...changes }, { ...rig, robotType }, { ...moment, ...at }).filter(
    ({ status }) => status !== 'ok',
  )

describe('the check of a learned network', () => {
  it('has a line for everything, and nothing to fix, when all is well', () => {
    const lines = checkModel(model, rig, moment)
    expect(lines.map(({ id }) => id)).toEqual([
      'robot',
      'actionMode',
      'tokenizer',
      'instruction',
      'startState',
    ])
    expect(notOk({})).toEqual([])
  })

  it('says nothing of what is not known yet', () => {
    const lines = checkModel(model, rig, { state: null, instruction: null })
    expect(lines.map(({ id }) => id)).toEqual(['robot', 'actionMode', 'tokenizer'])
  })

  it('compares the robot with its own statistics alone where there is no rig', () => {
    const other = { ...model, robot: 'aloha', robots: ['aloha'], robotTypes: ['aloha'] }
    expect(checkModel(other, null, moment).filter(({ status }) => status !== 'ok')).toEqual([])
    const [line] = checkModel({ ...other, robot: 'panda' }, null, moment)
    expect(line).toMatchObject({ id: 'robot', status: 'fail', expected: 'panda' })
  })

  it.each<[string, Parameters<typeof notOk>, string, string]>([
    ['statistics of another robot', [{ robot: 'aloha', robotTypes: ['aloha'] }], 'robot', 'fail'],
    ['no statistics of the robot asked for', [{ robot: 'panda', robotTypes: ['panda'] }], 'robot', 'fail'],
    ['another rig', [{}, {}, 'koch_follower'], 'robot', 'fail'],
    ['a robot without a profile', [{ isRobotKnown: false }], 'robot', 'warn'],
    ['absolute statistics in a relative checkpoint', [{ actionMode: 'delta' }], 'actionMode', 'warn'],
    [
      'relative statistics in an absolute checkpoint',
      [{ action: spread([0, 0.5, 50]) }],
      'actionMode',
      'warn',
    ],
    ['no tokenizer', [{ tokenizer: null }], 'tokenizer', 'fail'],
    [
      'an instruction that is too long',
      [{}, { instruction: { tokens: 60, limit: 48, problem: null } }],
      'instruction',
      'warn',
    ],
    ['no instruction', [{}, { instruction: { tokens: 0, limit: 48, problem: null } }], 'instruction', 'warn'],
    [
      'marks in the instruction',
      [{}, { instruction: { tokens: 3, limit: 48, problem: '<|image_pad|>' } }],
      'instruction',
      'fail',
    ],
    ['an arm far from where training was', [{}, { state: [90, -60, 50] }], 'startState', 'warn'],
    ['a state that is not a number', [{}, { state: [Number.NaN, -60, 50] }], 'startState', 'warn'],
  ])('tells of %s and how to fix it', (_, args, id, status) => {
    const lines = notOk(...args)
    expect(lines).toMatchObject([{ id, status }])
    expect(lines[0]?.fix).not.toBe('')
  })

  it('does not call statistics wrong that could be either', () => {
    expect(
      notOk({ state: spread([0, 0, 0]), action: spread([0, 0, 0]), actionMode: 'delta' }, { state: null }),
    ).toEqual([])
  })
})
