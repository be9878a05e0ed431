import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fault } from '#core/result.ts'
import type { CliIo } from '#cli/command.ts'
import { policyCheckCommand } from '#cli/commands/policy-check.ts'
import { policyListCommand } from '#cli/commands/policy-list.ts'
import { createRigStore } from '#host/rig/rig-store.ts'
import { files, nanModel, offsetModel, policyShelf, type PolicyShelf } from '../host/policy/policy-folder.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

let shelf: PolicyShelf
let answers: unknown[]
let texts: string[]
let faults: Fault[]
let io: CliIo
beforeEach(async () => {
  shelf = await policyShelf()
  answers = []
  texts = []
  faults = []
  io = {
    isJson: true,
    answer: (value, text) => {
      answers.push(value)
      texts.push(typeof text === 'string' ? text : text())
    },
    note: () => undefined,
    fail: (fault) => {
      faults.push(fault)
      return 1
    },
    misuse: () => 2,
    signal: new AbortController().signal,
    rootDir: root,
    resourcesDir: join(root, 'resources'),
    dataDir: shelf.root,
  }
})
afterEach(() => shelf[Symbol.asyncDispose]())

const saveRig = (robotType: string, kind: 'simulated' | 'serial') =>
  createRigStore(shelf.root).save({
    name: 'bench',
    robotType,
    follower: {
      port: kind === 'simulated' ? { kind } : { kind, path: '/dev/ttyACM0', baud: 1_000_000 },
      calibrationPath: null,
    },
    leader: null,
    cameras: [],
    fps: 30,
  })

describe('foresight policy list', () => {
  it('lists what is shipped and what is the user’s, and says what is not learned and what is broken', async () => {
    await shelf.put('own', 'mine', files(offsetModel(0)))
    await shelf.put('own', 'torn', { 'manifest.json': '{' })
    expect(await policyListCommand.run([], io)).toBe(0)
    expect(answers[0]).toMatchObject({
      policies: [
        { id: 'analytic-reach', isLearned: false, fault: null },
        { id: 'own/mine', isLearned: true },
        { id: 'own/torn', fault: { code: 'policy/bad-manifest' } },
      ],
    })
    expect(texts[0]).toContain('not learned')
    expect(texts[0]).toContain('own/torn  policy/bad-manifest')
  })

  it('takes no arguments', async () => {
    expect(await policyListCommand.run(['all'], io)).toBe(2)
  })
})

describe('foresight policy check', () => {
  it('finds a person’s own policy without the prefix of its id too', async () => {
    await shelf.put('own', 'mine', files(offsetModel(0)))
    expect(await policyCheckCommand.run(['mine'], io)).toBe(0)
    expect(await policyCheckCommand.run(['own/mine'], io)).toBe(0)
    expect(await policyCheckCommand.run(['yours'], io)).toBe(1)
    expect(faults).toMatchObject([{ code: 'policy/not-found' }])
  })

  it('loads a policy, warms it up and measures it', async () => {
    expect(await policyCheckCommand.run(['analytic-reach'], io)).toBe(0)
    expect(answers[0]).toMatchObject({
      id: 'analytic-reach',
      learned: false,
      provider: 'cpu',
      isFit: null,
      lines: [],
    })
    expect(texts[0]).toContain('not compared with a rig')
  })

  it('takes a folder, or a file in it, for an id', async () => {
    await shelf.put('own', 'mine', files(offsetModel(0)))
    expect(await policyCheckCommand.run([join(shelf.own, 'mine')], io)).toBe(0)
    expect(await policyCheckCommand.run([join(shelf.own, 'mine', 'manifest.json')], io)).toBe(0)
  })

  it('fits the simulated rig, and not a real one, which cannot say where the cube is', async () => {
    await saveRig('so_follower', 'simulated')
    expect(await policyCheckCommand.run(['analytic-reach', '--rig', 'bench'], io)).toBe(0)
    await saveRig('so_follower', 'serial')
    expect(await policyCheckCommand.run(['analytic-reach', '--rig', 'bench'], io)).toBe(1)
    expect(answers[1]).toMatchObject({ isFit: false })
    expect(texts[1]).toContain('✗ extra.sim.red_cube_m: expected sim.red_cube_m [3], has none.')
    expect(texts[1]).toContain('! origin')
  })

  it.each<[string, string[], string]>([
    ['a policy that is not there', ['ghost'], 'policy/not-found'],
    ['a policy that answers NaN', ['own/nan'], 'policy/not-finite'],
    ['a broken manifest', ['own/torn'], 'policy/bad-manifest'],
    ['a rig that is not there', ['analytic-reach', '--rig', 'ghost'], 'shell/not-found'],
  ])('fails for %s', async (_, args, code) => {
    await shelf.put('own', 'nan', files(nanModel()))
    await shelf.put('own', 'torn', { 'manifest.json': '{' })
    expect(await policyCheckCommand.run(args, io)).toBe(1)
    expect(faults).toMatchObject([{ code }])
    expect(answers).toEqual([])
  })

  it.each([[[]], [['a', 'b']], [['a', '--robot', 'x']]])('refuses the arguments %j', async (args) => {
    expect(await policyCheckCommand.run(args, io)).toBe(2)
  })
})
