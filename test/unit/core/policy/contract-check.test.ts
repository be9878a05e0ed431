import { describe, expect, it } from 'vitest'
import { analyticReachManifest } from '#core/policy/analytic-reach.ts'
import { checkContract, isAccepted } from '#core/policy/contract-check.ts'
import type { CheckLine, RigContract } from '#core/policy/contract-check.ts'
import { contractOf } from '#core/policy/manifest.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'

const policy: PolicyContract = {
  ...contractOf(analyticReachManifest),
  cameras: [{ name: 'front', width: 224, height: 224 }],
}

const rig: RigContract = {
  robotType: 'so_follower',
  fps: 30,
  cameras: [{ name: 'front', width: 480, height: 480 }],
  state: policy.state,
  action: policy.action,
  extras: [{ name: 'sim.red_cube_m', shape: [3] }],
}

const check = (changes: {
  policy?: Partial<PolicyContract>
  rig?: Partial<RigContract>
  learned?: boolean
}) => checkContract({ ...policy, ...changes.policy }, changes.learned ?? true, { ...rig, ...changes.rig })

const notOk = (lines: readonly CheckLine[]) => lines.filter(({ status }) => status !== 'ok')

describe('the contract check', () => {
  it('has a line for everything, and nothing to fix, when policy and rig fit', () => {
    const lines = check({})
    expect(lines.map(({ id }) => id)).toEqual([
      'origin',
      'robotType',
      'stateOrder',
      'stateUnits',
      'actionOrder',
      'actionUnits',
      'fps',
      'chunk',
      'camera.front',
      'extra.sim.red_cube_m',
    ])
    expect(notOk(lines)).toEqual([])
    expect(lines.every(({ fix }) => fix === '')).toBe(true)
    expect(isAccepted(lines)).toBe(true)
  })

  it('accepts a policy for any robot', () => {
    expect(notOk(check({ policy: { robotType: null } }))).toEqual([])
  })

  it('says that a controller written by hand is not learned, and lets it pass', () => {
    const lines = check({ learned: false })
    expect(notOk(lines)).toMatchObject([
      { id: 'origin', status: 'warn', actual: 'analytic demo, not learned' },
    ])
    expect(isAccepted(lines)).toBe(true)
  })

  const swapped = [policy.state[1], policy.state[0], ...policy.state.slice(2)].filter(
    (channel) => channel !== undefined,
  )
  const percent = policy.state.map(({ name, unit }) => ({
    name,
    unit: unit === 'degrees' ? ('range_m100_100' as const) : unit,
  }))
  const radians = policy.state.map(({ name, unit }) => ({
    name,
    unit: unit === 'degrees' ? ('radians' as const) : ('range_0_1' as const),
  }))

  it.each<[string, Parameters<typeof check>[0], string]>([
    ['another robot', { rig: { robotType: 'koch_follower' } }, 'robotType'],
    ['two joints swapped in the state', { policy: { state: swapped } }, 'stateOrder'],
    ['a joint missing in the action', { policy: { action: policy.action.slice(1) } }, 'actionOrder'],
    ['±100 against degrees in the state', { policy: { state: percent } }, 'stateUnits'],
    ['±100 against degrees in the action', { rig: { action: percent } }, 'actionUnits'],
    ['a chunk of one step', { policy: { chunkLength: 1 } }, 'chunk'],
    ['a missing camera', { rig: { cameras: [] } }, 'camera.front'],
    [
      'a camera of another name',
      { rig: { cameras: [{ name: 'top', width: 224, height: 224 }] } },
      'camera.front',
    ],
    ['an input only the simulator has', { rig: { extras: [] } }, 'extra.sim.red_cube_m'],
    [
      'an extra of another shape',
      { rig: { extras: [{ name: 'sim.red_cube_m', shape: [7] }] } },
      'extra.sim.red_cube_m',
    ],
  ])('refuses %s and says how to fix it', (_, changes, id) => {
    const lines = check(changes)
    expect(isAccepted(lines)).toBe(false)
    const [line, ...others] = notOk(lines)
    expect(others).toEqual([])
    expect(line).toMatchObject({ id, status: 'fail' })
    expect(line?.fix).not.toBe('')
    expect(line?.expected).not.toBe(line?.actual)
  })

  it('accepts radians for degrees and 0…1 for 0…100: their factor needs no calibration', () => {
    expect(notOk(check({ policy: { state: radians, action: radians } }))).toEqual([])
  })

  it('takes a camera of another name when a person chose it, and says which', () => {
    const cameras = [{ name: 'top', width: 480, height: 480 }]
    const lines = checkContract(policy, true, { ...rig, cameras }, { cameras: { front: 'top' }, joints: {} })
    expect(notOk(lines)).toEqual([])
    expect(lines.find(({ id }) => id === 'camera.front')?.actual).toBe('top 480×480')
  })

  it('leaves a slot empty when a person says so, but never the first', () => {
    const two = { ...policy, cameras: [...policy.cameras, { name: 'wrist', width: 224, height: 224 }] }
    const empty = (names: Record<string, null>) =>
      notOk(checkContract(two, true, rig, { cameras: names, joints: {} }))
    expect(empty({ wrist: null })).toMatchObject([{ id: 'camera.wrist', status: 'warn' }])
    expect(empty({ front: null, wrist: null })[0]).toMatchObject({ id: 'camera.front', status: 'fail' })
  })

  it('takes joints in another order or of other names when a person said which is which', () => {
    const strange = policy.state.map((channel, index) => ({ ...channel, name: `joint_${index}` }))
    const joints = Object.fromEntries(
      strange.map(({ name }, index) => [name, policy.state[index]?.name ?? '']),
    )
    const other = { ...policy, state: strange, action: strange }
    expect(notOk(checkContract(other, true, rig, { cameras: {}, joints }))).toEqual([])
    const twice = { ...joints, joint_1: joints['joint_0'] ?? '' }
    expect(notOk(checkContract(other, true, rig, { cameras: {}, joints: twice }))[0]).toMatchObject({
      id: 'stateOrder',
      status: 'fail',
    })
  })

  it.each<[string, Parameters<typeof check>[0], string]>([
    ['another rate', { rig: { fps: 60 } }, 'fps'],
    ['a chunk of 0.2 s', { policy: { chunkLength: 6 } }, 'chunk'],
    ['another aspect', { rig: { cameras: [{ name: 'front', width: 640, height: 480 }] } }, 'camera.front'],
  ])('warns of %s', (_, changes, id) => {
    const lines = check(changes)
    expect(notOk(lines)).toMatchObject([{ id, status: 'warn' }])
    expect(isAccepted(lines)).toBe(true)
  })
})
