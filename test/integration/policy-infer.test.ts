/** `foresight policy infer`: a case of files in, a file of named tensors out. */
import { execFileSync } from 'node:child_process'
import { cp, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fault } from '#core/result.ts'
import type { CliIo } from '#cli/command.ts'
import { policyInferCommand } from '#cli/commands/policy-infer.ts'
import { differences } from './policy-cases/compare-case.ts'
import { readSafetensors } from './policy-cases/read-safetensors.ts'
import { changeHeader, overwrite } from '../unit/host/policy/import/checkpoint-copy.ts'
import { flatten, widen } from './policy-cases/change-safetensors.ts'
import type { CaseTensor } from '#core/policy/case/named-tensor.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const fixtures = join(root, 'test/fixtures/internvla-a1')
const model = join(fixtures, 'tiny-3b')
const tokenizer = join(fixtures, 'tokenizer/tokenizer.json')
const twoViews = join(model, 'cases/two-views')

let home: string
let out: string
let answers: unknown[]
let notes: string[]
let faults: Fault[]
let io: CliIo
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'infer ü-'))
  out = join(home, 'new folder', 'out.safetensors')
  answers = []
  notes = []
  faults = []
  io = {
    isJson: true,
    answer: (value) => void answers.push(value),
    note: (text) => void notes.push(text),
    fail: (fault) => {
      faults.push(fault)
      return 1
    },
    misuse: () => 2,
    signal: new AbortController().signal,
    rootDir: root,
    resourcesDir: join(root, 'resources'),
    dataDir: home,
  }
})
afterEach(() => rm(home, { recursive: true, force: true }))

const infer = (folder: string, caseDir: string, ...more: string[]) =>
  policyInferCommand.run([folder, '--case', caseDir, '--out', out, '--tokenizer', tokenizer, ...more], io)

/** Shapes and numbers as the comparison wants them. */
const written = (): ReadonlyMap<string, CaseTensor> =>
  new Map(
    [...readSafetensors(out)].map(([name, { shape, data }]) => {
      const tensor: CaseTensor =
        data instanceof Float32Array
          ? { type: 'F32', shape, data }
          : data instanceof BigInt64Array
            ? { type: 'I64', shape, data }
            : { type: 'BOOL', shape, data }
      return [name, tensor]
    }),
  )

describe('foresight policy infer', () => {
  it('writes what goes in and what comes out, under the names of the reference data', async () => {
    expect(await infer(model, twoViews)).toBe(0)
    expect(answers[0]).toMatchObject({
      architecture: 'qwena1',
      provider: 'cpu',
      precision: 'fp32',
      textTokens: 11,
    })
    const tensors = written()
    for (const name of [
      'actions.normalized',
      'actions.unnormalized',
      'actions.delta_applied',
      'actions.unnormalized_min_max',
      'actions.delta_mask',
      'input_ids',
      'attention_mask',
      'view_mask',
      'state.raw',
      'state.normalized',
      'prefix.pad_mask',
      'prefix.position_ids',
    ])
      expect([...tensors.keys()]).toContain(name)
    expect([...tensors.keys()].some((name) => name.startsWith('vit.'))).toBe(false)
    expect(tensors.get('actions.unnormalized')?.shape).toEqual([5, 8])
  })

  it('writes every intermediate as well when it is asked to, whole and thinned', async () => {
    expect(await infer(model, twoViews, '--trace')).toBe(0)
    const found = differences(written(), twoViews)
    expect(found.filter(({ largest }) => !(largest < 5e-4))).toEqual([])
    for (const name of [
      'images.resized',
      'cosmos.latents',
      'foresight.images',
      'foresight.images.view0.s4',
      'prefix.k.0.rows2',
    ])
      expect([...written().keys()]).toContain(name)
  })

  it('finds a tokenizer beside the checkpoint, and says when it finds none', async () => {
    const folder = join(home, 'checkpoints/mine')
    await cp(model, folder, { recursive: true })
    const caseDir = join(home, 'case')
    await cp(twoViews, caseDir, { recursive: true })
    const plain = () => policyInferCommand.run([folder, '--case', caseDir, '--out', out], io)
    expect(await plain()).toBe(1)
    expect(faults).toMatchObject([
      { code: 'policy/no-tokenizer', data: { model: 'Qwen/Qwen3-VL-2B-Instruct' } },
    ])
    await cp(join(fixtures, 'tokenizer'), join(home, 'checkpoints/tokenizer'), { recursive: true })
    expect(await plain()).toBe(0)
    await rm(join(home, 'checkpoints/tokenizer'), { recursive: true })
    await cp(join(fixtures, 'tokenizer'), join(caseDir, 'tokenizer'), { recursive: true })
    expect(await plain()).toBe(0)
  })

  it('answers as the official code would for a robot that only we know: every dimension is relative', async () => {
    const folder = join(home, 'case')
    const unlisted = join(model, 'cases/one-view-one-token')
    await cp(unlisted, folder, { recursive: true })
    const key = JSON.parse(await readFile(join(unlisted, 'case.json'), 'utf8')) as { stats_key?: string }
    await change(folder, { robot_type: 'so101_follower', stats_key: key.stats_key ?? 'other_robot' })
    expect(await infer(model, folder)).toBe(0)
    const { data } = written().get('actions.delta_mask') ?? { data: [] }
    expect([...data].every((value) => Number(value) === 1)).toBe(true)
  })

  it('reads a checkpoint of float64, to the last bit as one of the numbers it was made of', async () => {
    const folder = join(home, 'wide')
    await cp(model, folder, { recursive: true })
    await widen(join(folder, 'model.safetensors'))
    expect(await infer(model, twoViews)).toBe(0)
    const narrow = written().get('actions.normalized')
    expect(await infer(folder, twoViews)).toBe(0)
    expect(written().get('actions.normalized')).toEqual(narrow)
  })

  it('refuses a picture of which nothing is left in the square', async () => {
    const folder = join(home, 'case')
    await cp(twoViews, folder, { recursive: true })
    await flatten(join(folder, 'inputs.safetensors'), 'image.1')
    expect(await infer(model, folder)).toBe(1)
    expect(faults).toMatchObject([{ code: 'policy/case-invalid', data: { slot: 1 } }])
  })

  it.each<[string, (folder: string) => Promise<unknown>, string, RegExp]>([
    [
      'weights that are no numbers',
      (folder) => overwrite(folder, 'model.state_proj.bias', Buffer.from('0000c07f', 'hex')),
      'policy/checkpoint-damaged',
      /model\.state_proj\.bias holds numbers that are not finite/u,
    ],
    [
      'an adapter alone',
      async (folder) => {
        await rm(join(folder, 'model.safetensors'))
        await writeFile(join(folder, 'adapter_config.json'), '{}')
      },
      'policy/checkpoint-lora',
      /merge it into its base model/u,
    ],
    [
      'parts that are missing, all of them named',
      (folder) =>
        changeHeader(folder, (header) => {
          delete header['model.downsample_conv.weight']
          delete header['model.state_proj.weight']
        }),
      'policy/checkpoint-incomplete',
      /downsample_conv\.weight.*state_proj\.weight/u,
    ],
  ])('refuses a checkpoint with %s, as an import does', async (_, damage, code, message) => {
    const folder = join(home, 'mine')
    await cp(model, folder, { recursive: true })
    await damage(folder)
    expect(await infer(folder, twoViews)).toBe(1)
    expect(faults).toMatchObject([{ code, message: expect.stringMatching(message) as string }])
  })

  it('refuses actions that are no numbers, wherever they come from', async () => {
    const folder = join(home, 'mine')
    await cp(model, folder, { recursive: true })
    // Finite, and beyond float32 when it is multiplied.
    const huge = Buffer.from(new Float32Array(32).fill(3e38).buffer)
    await overwrite(folder, 'model.action_out_proj.bias', huge)
    expect(await infer(folder, twoViews)).toBe(1)
    expect(faults).toMatchObject([{ code: 'policy/not-finite' }])
  })

  it('replaces the file that is there, through a link too, and writes into what is no file', async () => {
    const real = join(home, 'real.safetensors')
    await writeFile(real, 'old')
    const link = join(home, 'link.safetensors')
    await symlink(real, link)
    out = link
    expect(await infer(model, twoViews)).toBe(0)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await stat(real)).size).toBeGreaterThan(1000)
    if (process.platform === 'win32') return
    const pipe = join(home, 'pipe')
    execFileSync('mkfifo', [pipe])
    out = pipe
    const [read] = await Promise.all([readFile(pipe), infer(model, twoViews)])
    expect(read).toHaveLength((await stat(real)).size)
    expect((await stat(pipe)).isFIFO()).toBe(true)
  })

  it('says before it computes that nothing can be written there', async () => {
    out = home
    expect(await infer(model, join(home, 'nothing'))).toBe(1)
    out = join(model, 'config.json', 'out.safetensors')
    expect(await infer(model, join(home, 'nothing'))).toBe(1)
    expect(faults.map(({ code }) => code)).toEqual(['shell/io', 'shell/io'])
  })

  it('ends when it is interrupted', async () => {
    const interrupt = new AbortController()
    interrupt.abort()
    io = { ...io, signal: interrupt.signal }
    expect(await infer(model, twoViews)).toBe(1)
    expect(faults).toMatchObject([{ code: 'contract/cancelled' }])
  })

  it('says how much of a long instruction is used', async () => {
    expect(await infer(model, join(model, 'cases/long-text'))).toBe(0)
    expect(notes.join()).toMatch(/first 48 are used/u)
  })

  it.each<[string, (folder: string) => Promise<void>, string]>([
    ['no description', (folder) => rm(join(folder, 'case.json')), 'policy/case-invalid'],
    [
      'a description that is no JSON',
      (folder) => writeFile(join(folder, 'case.json'), '{'),
      'policy/case-invalid',
    ],
    ['no folder', (folder) => rm(folder, { recursive: true }), 'policy/case-invalid'],
    ['no inputs', (folder) => rm(join(folder, 'inputs.safetensors')), 'policy/case-invalid'],
    [
      'inputs that are cut off',
      async (folder) => {
        const path = join(folder, 'inputs.safetensors')
        await writeFile(path, (await readFile(path)).subarray(0, -100))
      },
      'policy/case-invalid',
    ],
    [
      'statistics of nobody',
      (folder) => change(folder, { stats_key: 'nobody' }),
      'policy/statistics-mismatch',
    ],
    ['a mark of pictures', (folder) => change(folder, { task: '<|image_pad|>' }), 'policy/bad-instruction'],
  ])('refuses a case with %s', async (_, spoil, code) => {
    const folder = join(home, 'case')
    await cp(twoViews, folder, { recursive: true })
    await spoil(folder)
    expect(await infer(model, folder)).toBe(1)
    expect(faults).toMatchObject([{ code }])
    expect(answers).toEqual([])
  })

  it('refuses a folder that is no checkpoint, and a provider that is not here', async () => {
    expect(await infer(home, twoViews)).toBe(1)
    expect(await infer(model, twoViews, '--provider', process.platform === 'win32' ? 'coreml' : 'dml')).toBe(
      1,
    )
    expect(faults.map(({ code }) => code)).toEqual(['policy/not-found', 'policy/provider-unavailable'])
  })

  it.each([
    [[]],
    [['a']],
    [['a', '--case', 'b']],
    [['a', '--case', 'b', '--out', 'c', '--precision', 'fp8']],
  ])('refuses the arguments %j', async (args) => {
    expect(await policyInferCommand.run(args, io)).toBe(2)
  })
})

async function change(folder: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const path = join(folder, 'case.json')
  const json = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  await writeFile(path, JSON.stringify({ ...json, ...changes }))
}
