/** The contract check of a checkpoint against the rig, with everything only a learned network has. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RigContract } from '#core/policy/contract-check.ts'
import { unwrap } from '#core/result.ts'
import { checkPolicy, type CheckOptions } from '#host/policy/check-policy.ts'
import { readPolicy } from '#host/policy/policy-store.ts'
import { defaultPolicySettings } from '#host/policy/settings-store.ts'

const fixtures = fileURLToPath(new URL('../fixtures/internvla-a1/', import.meta.url))
const resourcesDir = fileURLToPath(new URL('../../resources/', import.meta.url))
const joints = ['shoulder_pan', 'shoulder_lift', 'elbow_flex', 'wrist_flex', 'wrist_roll', 'gripper']
const channels = joints.map((name) => ({
  name: `${name}.pos`,
  unit: name === 'gripper' ? 'range_0_100' : 'degrees',
}))
const rig: RigContract = {
  robotType: 'so_follower',
  fps: 30,
  cameras: [
    { name: 'front', width: 640, height: 480 },
    { name: 'wrist', width: 640, height: 480 },
  ],
  state: channels,
  action: channels,
  extras: [],
}

/** As a lab's own fine-tune on an SO-101 would have it: relative actions around zero, states around some pose. */
const statistics = {
  so_follower: {
    'observation.state': {
      min: [-60, -80, -50, -40, -90, 0],
      max: [60, 40, 70, 80, 90, 100],
      mean: [5, -40, 30, 50, 10, 40],
      std: [20, 20, 20, 20, 20, 30],
    },
    action: {
      min: [-10, -10, -10, -10, -10, 0],
      max: [10, 10, 10, 10, 10, 100],
      mean: [0.1, 0.1, -0.1, 0, 0, 40],
      std: [3, 3, 3, 3, 3, 30],
    },
  },
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check ü-'))
  await cp(join(fixtures, 'tiny-3b'), folder, { recursive: true })
  await cp(join(fixtures, 'tokenizer/tokenizer.json'), join(folder, 'tokenizer.json'))
  await writeFile(join(folder, 'stats.json'), JSON.stringify(statistics))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const nothing: CheckOptions = { task: null, state: null }
const atPose: CheckOptions = {
  task: 'pick up the red block',
  state: Object.fromEntries(channels.map(({ name }, index) => [name, [5, -40, 30, 50, 10, 40][index] ?? 0])),
}

async function notOk(
  options: CheckOptions = nothing,
  changes: Partial<typeof defaultPolicySettings> = {},
  on: RigContract | null = rig,
) {
  const stored = await readPolicy('tiny', folder, resourcesDir)
  const lines = unwrap(await checkPolicy(stored, on, { ...defaultPolicySettings, ...changes }, options))
  return lines.filter(({ status }) => status !== 'ok').map(({ id, status }) => [id, status])
}

describe('the check of a checkpoint', () => {
  it('passes where it was made for this arm', async () => {
    // The small model's chunk of five steps is short for thirty a second.
    expect(await notOk(atPose)).toEqual([['chunk', 'warn']])
  })

  it('says when a slot has no camera, and when a person left it empty', async () => {
    const one = { ...rig, cameras: rig.cameras.slice(0, 1) }
    expect(await notOk(nothing, {}, one)).toContainEqual(['camera.wrist', 'fail'])
    expect(await notOk(nothing, { cameras: { wrist: null } }, one)).toContainEqual(['camera.wrist', 'warn'])
    expect(await notOk(nothing, { cameras: { front: 'wrist', wrist: 'front' } })).toEqual([['chunk', 'warn']])
  })

  it('says when there are no statistics of the robot that was chosen', async () => {
    expect(await notOk(nothing, { robot: 'aloha' })).toContainEqual(['robot', 'fail'])
  })

  it('says when the statistics are those of absolute actions', async () => {
    const { so_follower: own } = statistics
    const absolute = { so_follower: { ...own, action: own['observation.state'] } }
    await writeFile(join(folder, 'stats.json'), JSON.stringify(absolute))
    expect(await notOk()).toContainEqual(['actionMode', 'warn'])
  })

  it('says when no tokenizer is there', async () => {
    await rm(join(folder, 'tokenizer.json'))
    expect(await notOk()).toContainEqual(['tokenizer', 'fail'])
  })

  it('judges the checkpoint by itself where there is no rig yet', async () => {
    expect(await notOk(atPose, {}, null)).toEqual([])
    await rm(join(folder, 'tokenizer.json'))
    expect(await notOk({ ...nothing, task: '<|image_pad|>' }, { robot: 'aloha' }, null)).toEqual([
      ['robot', 'fail'],
    ])
    expect(await notOk(nothing, {}, null)).toEqual([['tokenizer', 'fail']])
  })

  it('reads the instruction that is meant to be given', async () => {
    expect(await notOk({ ...nothing, task: 'open the drawer '.repeat(30) })).toContainEqual([
      'instruction',
      'warn',
    ])
    expect(await notOk({ ...nothing, task: '<|image_pad|>' })).toContainEqual(['instruction', 'fail'])
  })

  it('says when the arm stands where training never was', async () => {
    const state = { ...atPose.state, 'shoulder_pan.pos': 110 }
    expect(await notOk({ ...atPose, state })).toContainEqual(['startState', 'warn'])
  })

  it('has nothing to compare with another robot', async () => {
    await writeFile(join(folder, 'stats.json'), await readFile(join(fixtures, 'tiny-3b/stats.json')))
    const ids = (await notOk(nothing, { robot: 'franka' })).map(([id]) => id)
    for (const id of ['robotType', 'robot', 'stateOrder', 'actionOrder']) expect(ids).toContain(id)
  })
})
