import { describe, expect, it } from 'vitest'
import type { PolicyState } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { checkContract } from '#core/policy/contract-check.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { checkModel, type ModelFacts } from '#core/policy/model-check.ts'
import { stateOf } from '#renderer/policies/use-policies.ts'
import { failures, shownLine, unitsText, type ShownLine } from '#renderer/policies/check-text.ts'
import { policiesMessages } from '#renderer/policies/messages.ts'
import { policyVerdict } from '#renderer/policies/policy-list.tsx'
import { policyState } from '#test/fakes/page-states.ts'
import { demoContract, demoEntry, rigContract } from './entries.ts'

const { en, zh } = policiesMessages

const linesOf = (
  rig: RigContract,
  t: typeof en = en,
  part: Partial<PolicyContract> = {},
): ReadonlyMap<string, ShownLine> => {
  const lines = checkContract({ ...demoContract, ...part }, false, rig)
  const entry = demoEntry
  return new Map(lines.map((line) => [line.id, shownLine(line, entry, rig, t)]))
}

describe('a check line in words', () => {
  it('says briefly what agrees', () => {
    const lines = linesOf(rigContract)
    expect(lines.get('stateOrder')).toMatchObject({
      expected: 'shoulder_pan, gripper',
      actual: 'the same order',
    })
    expect(lines.get('stateUnits')).toMatchObject({
      expected: 'degrees, gripper 0…100',
      actual: 'the same units',
    })
    expect(lines.get('fps')).toMatchObject({
      expected: '30 actions a second',
      actual: '30 frames a second',
      fix: '',
    })
  })

  it('says that a demo was not learned, and that nothing is to be done about it', () => {
    expect(linesOf(rigContract).get('origin')).toMatchObject({
      status: 'warn',
      actual: 'analytic demo, not learned',
      fix: 'Nothing to do.',
    })
  })

  it('says both sides and a way out where something does not fit', () => {
    const rig: RigContract = {
      ...rigContract,
      state: rigContract.state.map((channel) => ({ ...channel, unit: 'range_m100_100' })),
      extras: [],
    }
    const lines = linesOf(rig)
    expect(lines.get('stateUnits')).toMatchObject({ status: 'fail', actual: '±100' })
    expect(lines.get('stateUnits')?.fix).not.toBe('')
    expect(lines.get('extra.sim.red_cube_m')).toMatchObject({ of: 'sim.red_cube_m', actual: en.noExtra })
  })

  it('names the camera that is missing', () => {
    const cameras = [{ name: 'side', width: 640, height: 480 }]
    expect(linesOf(rigContract, en, { cameras }).get('camera.side')).toMatchObject({
      name: 'Camera',
      of: 'side',
      status: 'fail',
      actual: en.noCamera,
    })
  })

  it('leaves no English in Chinese but names and units', () => {
    const rig: RigContract = { ...rigContract, robotType: 'other', fps: 15, extras: [] }
    for (const line of linesOf(rig, zh).values()) {
      expect(line.name).not.toMatch(/[a-z]/u)
      expect(line.fix.replaceAll('manifest', '')).not.toMatch(/[a-z]/u)
      expect(`${line.expected} ${line.actual}`).not.toMatch(/second|steps|learned|robot type|none|same/u)
    }
  })

  it('shows a line of a newer host as the host says it', () => {
    const line = {
      id: 'tactile',
      status: 'fail',
      expected: '2 pads',
      actual: 'none',
      fix: 'Add pads.',
    } as const
    expect(shownLine(line, demoEntry, rigContract, en)).toEqual({ ...line, of: '', name: 'tactile' })
  })

  it('writes the unit of most channels once', () => {
    expect(unitsText([], en)).toBe('')
    expect(unitsText([{ name: 'a.pos', unit: 'furlong' }], en)).toBe('furlong')
  })
})

describe('one word for a policy', () => {
  const fitting = { lines: [...checkContract(demoContract, false, rigContract)], fault: null }
  const warm: PolicyState = policyState({ loaded: demoEntry, status: 'warm' })

  it.each([
    ['nothing without a rig', demoEntry, undefined, null, null, null],
    ['fits', demoEntry, fitting, null, null, 'fits'],
    ['warm', demoEntry, undefined, warm, null, 'warm'],
    ['ready to drive', demoEntry, undefined, warm, demoEntry.id, 'ready to drive'],
    ['loading', demoEntry, undefined, policyState({ loaded: demoEntry, status: 'loading' }), null, 'loading'],
    ['failed', demoEntry, undefined, policyState({ loaded: demoEntry, status: 'failed' }), null, 'failed'],
    [
      'broken',
      { ...demoEntry, contract: null, fault: { code: 'policy/not-onnx' as const, message: '' } },
      undefined,
      null,
      null,
      'does not open',
    ],
    [
      'not checked',
      demoEntry,
      { lines: null, fault: { code: 'contract/closed' as const, message: '' } },
      null,
      null,
      'The check did not run',
    ],
  ])('is %s', (_what, entry, checked, policy, selected, text) => {
    expect(policyVerdict(entry, checked, policy, selected, en)?.text ?? null).toBe(text)
  })

  it('counts what has to be fixed', () => {
    const lines = [...checkContract(demoContract, false, { ...rigContract, extras: [] })]
    expect(failures(lines)).toBe(1)
    expect(policyVerdict(demoEntry, { lines, fault: null }, null, null, en)).toEqual({
      tone: 'bad',
      text: '1 to fix',
    })
  })
})

describe('the lines of a learned network', () => {
  const model: ModelFacts = {
    robot: 'a2d',
    robots: ['a2d', 'aloha'],
    isRobotKnown: false,
    robotTypes: ['so_follower'],
    actionMode: 'delta',
    state: { mean: [2], std: [1], min: [0], max: [1] },
    action: { mean: [2], std: [1], min: [0], max: [1] },
    isRelative: [true],
    stateChannels: [{ name: 'shoulder_pan.pos', unit: 'degrees' }],
    tokenizer: null,
  }
  const linesIn = (t: typeof en): ReadonlyMap<string, ShownLine> =>
    new Map(
      checkModel(model, rigContract, {
        state: [40],
        instruction: { tokens: 60, limit: 48, problem: null },
      }).map((line) => [line.id, shownLine(line, demoEntry, rigContract, t)]),
    )

  it('keep names and figures in both languages, and no English in Chinese', () => {
    expect(linesIn(en).get('robot')?.actual).toBe('a2d, units and cameras unknown; statistics of a2d, aloha')
    expect(linesIn(zh).get('robot')?.actual).toBe('a2d，单位与相机未知；含 a2d, aloha 的统计数据')
    expect(linesIn(zh).get('actionMode')).toMatchObject({
      expected: zh.statsOfRelative,
      actual: zh.looksAbsolute,
    })
    expect(linesIn(zh).get('tokenizer')?.actual).toBe('无')
    expect(linesIn(zh).get('instruction')).toMatchObject({ expected: '1 到 48 个词元', actual: '60 个词元' })
    expect(linesIn(zh).get('startState')?.actual).toBe('shoulder_pan 40')
    for (const line of linesIn(zh).values()) expect(line.name + line.fix).toMatch(/\p{Script=Han}/u)
  })
})

describe('the present pose', () => {
  const joints = ['shoulder_pan', 'gripper']

  it('is told by channel of the rig in its units', () => {
    expect(stateOf(rigContract, joints, [Math.PI / 2, 0.25])).toEqual({
      'shoulder_pan.pos': 90,
      'gripper.pos': 25,
    })
  })

  it('is not told where nothing is known or a unit needs a calibration', () => {
    expect(stateOf(rigContract, joints, null)).toBeNull()
    const percent = { state: [{ name: 'shoulder_pan.pos', unit: 'range_m100_100' }] }
    expect(stateOf(percent, joints, [0, 0])).toBeNull()
  })
})
