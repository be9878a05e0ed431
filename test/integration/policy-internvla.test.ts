/** A checkpoint folder as a policy: what the arm would get from the small model, in its own units, chunk by chunk. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { openStoredPolicy } from '#host/policy/open-policy.ts'
import type { Observation, Picture, Policy, PolicyChunk } from '#host/policy/policy.ts'
import { readPolicy } from '#host/policy/policy-store.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { defaultPolicySettings } from '#host/policy/settings-store.ts'

const fixtures = fileURLToPath(new URL('../fixtures/internvla-a1/', import.meta.url))
const resourcesDir = fileURLToPath(new URL('../../resources/', import.meta.url))

let folder: string
const warnings: string[] = []

/** The fixture with its tokenizer beside it, as a lab would put it. */
async function checkpoint(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'checkpoint ü-'))
  await cp(join(fixtures, 'tiny-3b'), home, { recursive: true })
  await cp(join(fixtures, 'tokenizer/tokenizer.json'), join(home, 'tokenizer.json'))
  return home
}

const open = async (
  robot: string,
  changes: Partial<typeof defaultPolicySettings> = {},
  task: string | null = null,
) =>
  openStoredPolicy(await readPolicy('tiny', folder, resourcesDir), {
    settings: { ...defaultPolicySettings, robot, ...changes },
    providers: new ProviderDesk([], async (name) => ({
      name,
      status: 'missing',
      why: 'refused',
      detail: '',
    })),
    clock: () => performance.now() * 1000,
    task,
    log: { warn: (_area, message) => void warnings.push(message) },
  })

const side = 224
const picture = (phase: number): Picture => ({
  width: side,
  height: side,
  planes: Float32Array.from(
    { length: 3 * side * side },
    (_, index) => 0.5 + 0.5 * Math.sin(index / 777 + phase),
  ),
})

function observe(policy: Policy, changes: Partial<Observation> = {}): Observation {
  const pictures = Object.fromEntries(policy.contract.cameras.map(({ name }, slot) => [name, picture(slot)]))
  const past = Object.fromEntries(policy.contract.cameras.map(({ name }, slot) => [name, picture(slot + 9)]))
  const state = policy.neutralState ?? new Float32Array()
  const task = 'pick up the red block'
  return { timeUs: 5, state, extras: {}, pictures, past, task, guide: null, seed: 7, ...changes }
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? Number.NaN))), 0)

const chunkOf = async (policy: Policy, changes: Partial<Observation> = {}): Promise<PolicyChunk> =>
  unwrap(await policy.infer(observe(policy, changes)))

beforeAll(async () => {
  folder = await checkpoint()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the small InternVLA model on an ALOHA pair', () => {
  let policy: Policy
  beforeAll(async () => {
    policy = unwrap(await open('aloha'))
    unwrap(await policy.warmUp())
  })
  afterAll(() => policy[Symbol.asyncDispose]())

  it('asks for what its robot has', () => {
    expect(policy.contract).toMatchObject({ robotType: 'aloha', chunkLength: 5, fps: 30 })
    expect(policy.contract.cameras.map(({ name }) => name)).toEqual([
      'cam_high',
      'cam_left_wrist',
      'cam_right_wrist',
    ])
    expect(policy.contract.state).toHaveLength(14)
    expect(policy.pictureNeed).toEqual({ side: 224, historyTicks: 15 })
    expect(policy.provider).toBe('cpu')
  })

  it('gives the same chunk for the same observation and seed, bit for bit, and says the seed it drew', async () => {
    const first = await chunkOf(policy)
    expect((await chunkOf(policy)).actions).toEqual(first.actions)
    const drawn = await chunkOf(policy, { seed: null })
    expect(drawn.actions).not.toEqual(first.actions)
    expect((await chunkOf(policy, { seed: drawn.seed })).actions).toEqual(drawn.actions)
  })

  it('gives it again from a process of another life', async () => {
    await using again = unwrap(await open('aloha'))
    expect((await chunkOf(again)).actions).toEqual((await chunkOf(policy)).actions)
  })

  it('only opens and closes grippers, as the robot’s deployment does', async () => {
    const { actions, width } = await chunkOf(policy)
    for (let row = 0; row < 5; row++)
      for (const column of [6, 13]) expect([0, 1]).toContain(actions[row * width + column])
  })

  it('starts its relative joints from where the arm stands', async () => {
    const state = Float32Array.from(policy.neutralState ?? [], (value, index) =>
      index === 2 ? value + 0.01 : value,
    )
    const [before, after] = [await chunkOf(policy), await chunkOf(policy, { state })]
    expect((after.actions[2] ?? 0) - (before.actions[2] ?? 0)).toBeCloseTo(0.01, 2)
  })

  it('looks at the past picture, and on the first tick takes the present for it', async () => {
    const chunk = await chunkOf(policy)
    const still = await chunkOf(policy, { past: {} })
    expect(still.actions).not.toEqual(chunk.actions)
    expect((await chunkOf(policy, { past: observe(policy).pictures })).actions).toEqual(still.actions)
  })

  it('goes without a view that is missing, but not without the first', async () => {
    const { cam_high: first, cam_left_wrist: second } = observe(policy).pictures
    if (first === undefined || second === undefined) throw new Error('no pictures')
    const two = await chunkOf(policy, { pictures: { cam_high: first, cam_left_wrist: second } })
    expect(two.actions).not.toEqual((await chunkOf(policy)).actions)
    expect(await policy.infer(observe(policy, { pictures: { cam_left_wrist: second } }))).toMatchObject({
      ok: false,
      error: { code: 'policy/pictures-stopped' },
    })
  })

  it('is drawn to the left-over of the running chunk when it is guided', async () => {
    const free = await chunkOf(policy, { seed: 1 })
    const leftOver = (await chunkOf(policy, { seed: 2 })).actions
    const guide = {
      leftOver: Float32Array.from(leftOver),
      rows: 5,
      delayRows: 3,
      horizonRows: 5,
      schedule: 'ones' as const,
    }
    const guided = await chunkOf(policy, { seed: 1, guide })
    expect(guided.isGuided).toBe(true)
    expect(free.isGuided).toBe(false)
    const joints = (actions: Float32Array) => actions.filter((_, index) => ![6, 13].includes(index % 14))
    expect(largest(joints(guided.actions), joints(leftOver))).toBeLessThan(
      0.2 * largest(joints(free.actions), joints(leftOver)),
    )
    const zero = await chunkOf(policy, {
      seed: 1,
      guide: { ...guide, rows: 0, delayRows: 0, horizonRows: 0 },
    })
    expect(zero.isGuided).toBe(false)
    expect(zero.actions).toEqual(free.actions)
  })

  it('foresees a picture for every view that was there', async () => {
    const { cam_high: first } = observe(policy).pictures
    if (first === undefined || policy.foresee === null) throw new Error('no foresight')
    const { hidden } = await chunkOf(policy, { pictures: { cam_high: first } })
    const { views, horizonTicks } = unwrap(await policy.foresee(hidden ?? new Float32Array()))
    expect(horizonTicks).toBe(15)
    expect(views.map(({ camera }) => camera)).toEqual(['cam_high'])
    expect(views[0]?.picture).toMatchObject({ width: 256, height: 256 })
    expect(views[0]?.picture.planes.every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  it('is opened anew for a longer instruction than it has room for, says so, and is the same policy', async () => {
    await using fresh = unwrap(await open('aloha'))
    warnings.length = 0
    const task = 'pick'
    const short = await chunkOf(fresh, { task })
    expect(warnings).toEqual([])
    await chunkOf(fresh, {
      task: 'pick up the red block, then the blue one, then the green one: one after the other',
    })
    expect(warnings).toEqual([expect.stringMatching(/opened anew for an instruction of \d+ tokens/u)])
    const again = await chunkOf(fresh, { task })
    expect(largest(again.actions, short.actions)).toBeLessThan(1e-4)
    expect(warnings).toHaveLength(1)
  })

  it('has room from the start for the instruction that is expected', async () => {
    const task = 'pick up the red block, then the blue one, then the green one: one after the other'
    await using fresh = unwrap(await open('aloha', {}, task))
    warnings.length = 0
    await chunkOf(fresh, { task })
    expect(warnings).toEqual([])
  })

  it('reads Chinese, cuts off what is too long and says so, and refuses marks of pictures', async () => {
    await chunkOf(policy, { task: '请把红色的方块放进盒子里' })
    warnings.length = 0
    await chunkOf(policy, { task: '请把红色的方块放进盒子里' })
    expect(warnings).toEqual([])
    await chunkOf(policy, { task: 'pick up the red block and '.repeat(20) })
    expect(warnings).toContainEqual(expect.stringContaining('the first 48 are used'))
    expect(await policy.infer(observe(policy, { task: 'look <|image_pad|>' }))).toMatchObject({
      ok: false,
      error: { code: 'policy/bad-instruction' },
    })
  })

  it('refuses states and pictures that do not fit', async () => {
    const refused = async (changes: Partial<Observation>) => (await policy.infer(observe(policy, changes))).ok
    expect(await refused({ state: new Float32Array(13) })).toBe(false)
    expect(await refused({ state: new Float32Array(14).fill(Number.NaN) })).toBe(false)
    expect(
      await refused({ pictures: { cam_high: { width: 4, height: 4, planes: new Float32Array(48) } } }),
    ).toBe(false)
  })
})

describe('a process that is killed while it computes', () => {
  it('is a fault for the chunk that was waited for, and for every later one', async () => {
    await using policy = unwrap(await open('aloha'))
    await chunkOf(policy)
    const waiting = policy.infer(observe(policy))
    await new Promise((resolve) => setTimeout(resolve, 40))
    for (const id of policy.processIds) process.kill(id, 'SIGKILL')
    const died = { ok: false, error: { code: 'policy/runner-died' } }
    expect(await waiting).toMatchObject(died)
    expect(await policy.ended).toMatchObject({ code: 'policy/runner-died' })
    expect(await policy.infer(observe(policy))).toMatchObject(died)
  })

  it('is no fault for the chunks when it only decoded pictures', async () => {
    await using policy = unwrap(await open('aloha'))
    if (policy.foresee === null) throw new Error('no foresight')
    const { hidden } = await chunkOf(policy)
    const kept = hidden ?? new Float32Array()
    unwrap(await policy.foresee(kept))
    const [, decoder] = policy.processIds
    process.kill(decoder ?? 0, 'SIGKILL')
    expect(await policy.foresee(kept)).toMatchObject({ ok: false, error: { code: 'policy/runner-died' } })
    await chunkOf(policy)
    expect(await policy.foresee(kept)).toMatchObject({ ok: true })
  })
})

describe('a checkpoint that does not fit', () => {
  it.each<[string, () => Promise<void>, string]>([
    [
      'statistics without the robot',
      () => writeFile(join(folder, 'stats.json'), JSON.stringify({ panda: {} })),
      'policy/statistics-mismatch',
    ],
    ['no statistics at all', () => rm(join(folder, 'stats.json')), 'policy/checkpoint-incomplete'],
    [
      'no training configuration',
      () => rm(join(folder, 'train_config.json')),
      'policy/checkpoint-incomplete',
    ],
    ['no tokenizer', () => rm(join(folder, 'tokenizer.json')), 'policy/no-tokenizer'],
    ['no weights', () => rm(join(folder, 'model.safetensors')), 'policy/not-found'],
    [
      'weights that are cut off',
      async () => {
        const path = join(folder, 'model.safetensors')
        await writeFile(path, (await readFile(path)).subarray(0, -1000))
      },
      'policy/checkpoint-damaged',
    ],
    [
      'another architecture',
      () => writeFile(join(folder, 'config.json'), JSON.stringify({ type: 'smolvla' })),
      'policy/unknown-architecture',
    ],
  ])('is refused: %s', async (_, spoil, code) => {
    const whole = folder
    folder = await checkpoint()
    await spoil()
    const opened = await open('aloha')
    await rm(folder, { recursive: true })
    folder = whole
    expect(opened).toMatchObject({ ok: false, error: { code } })
  })

  it.skipIf(process.platform === 'win32')('is not computed by what this system does not have', async () => {
    expect(await open('aloha', { provider: 'dml' })).toMatchObject({
      ok: false,
      error: { code: 'policy/provider-unavailable' },
    })
  })

  it('opens in the precision that a person asks for, and leaves nothing of it behind', async () => {
    const scratch = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('foresight-weights-'))
    const before = await scratch()
    {
      await using policy = unwrap(await open('aloha', { precision: 'int8' }))
      expect(policy.precision).toBe('int8')
      await chunkOf(policy)
    }
    expect((await scratch()).filter((name) => !before.includes(name))).toEqual([])
  })

  it('opens for a robot that no profile names, with every dimension relative', async () => {
    await using policy = unwrap(await open('other_robot'))
    expect(policy.contract.state.map(({ unit }) => unit)).toEqual(Array.from({ length: 5 }, () => 'native'))
    expect((await chunkOf(policy)).actions).toHaveLength(25)
  })
})
