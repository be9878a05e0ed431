import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fullRoom } from '#core/policy/internvla/sequence-room.ts'
import { unwrap } from '#core/result.ts'
import { describeImported } from '#host/policy/import/describe-imported.ts'
import { importCheckpoint } from '#host/policy/import/import-checkpoint.ts'
import { readPolicies } from '#host/policy/policy-store.ts'
import {
  changeHeader,
  copyCheckpoint,
  overwrite,
  resourcesDir,
  type CheckpointCopy,
} from './checkpoint-copy.ts'

let copy: CheckpointCopy
beforeEach(async () => {
  copy = await copyCheckpoint()
})
afterEach(() => copy[Symbol.asyncDispose]())

const run = (changes: Partial<CheckpointCopy['question']> = {}, signal?: AbortSignal) =>
  importCheckpoint(
    { ...copy.question, ...changes },
    signal === undefined ? copy.options : { ...copy.options, signal },
  )
const faultOf = async (changes: Partial<CheckpointCopy['question']> = {}) => {
  const result = await run(changes)
  if (result.ok) throw new Error('it was imported')
  return result.error
}
const listed = () =>
  readPolicies({ shipped: join(copy.root, 'none'), own: copy.options.ownDir, resourcesDir })
const folder = () => join(copy.options.ownDir, 'my-policy')

describe('an import', () => {
  it('makes an entry of the list and says what it read, left out and folded', async () => {
    const { policyId, report } = unwrap(await run())
    expect(policyId).toBe('own/my-policy')
    expect(copy.steps).toEqual(['read', 'check', 'write', 'selfCheck'])
    expect(report).toMatchObject({ architecture: 'qwena1', actionMode: 'delta' })
    expect(report.used.tensors).toBeGreaterThan(200)
    expect(report.skipped.map(({ group }) => group)).toContain('deepstack')
    expect(report.skipped.every(({ group }) => group !== 'others')).toBe(true)
    expect(report.folded[0]?.from).toContain('model.downsample_conv.weight')
    expect(report.memoryBytes['fp16']).toBeLessThan(report.memoryBytes['fp32'] ?? 0)
    expect(report.selfChecks[0]).toMatchObject({ id: 'finite', status: 'ok' })
    const [entry] = await listed()
    expect(entry?.described).toMatchObject({ ok: true, value: { name: 'My policy', kind: 'internvla-a1' } })
  })

  it('leaves the checkpoint as it is and takes another folder for another import of the same name', async () => {
    const before = await readdir(copy.checkpoint)
    unwrap(await run())
    expect(unwrap(await run()).policyId).toBe('own/my-policy-2')
    expect(await readdir(copy.checkpoint)).toEqual(before)
  })

  it('shows nothing in the list before it is whole', async () => {
    const cancel = new AbortController()
    cancel.abort()
    expect(await run({}, cancel.signal)).toMatchObject({ ok: false, error: { code: 'contract/cancelled' } })
    expect(await listed()).toEqual([])
  })

  it('notes the licence of the model card and says that no tokenizer was found', async () => {
    await writeFile(
      join(copy.checkpoint, 'README.md'),
      '---\ntags: [robotics]\nlicense: cc-by-nc-sa-4.0\n---\n# A model\n',
    )
    await rename(join(copy.checkpoint, 'tokenizer.json'), join(copy.root, 'elsewhere.json'))
    const { report } = unwrap(await run())
    expect(report.tokenizer).toBeNull()
    expect(report.warnings.map(({ code }) => code)).toContain('no-tokenizer')
    expect(unwrap(await describeImported(folder(), resourcesDir)).license).toBe('cc-by-nc-sa-4.0')
  })

  it('keeps a copy of the tokenizer that a person named', async () => {
    await rename(join(copy.checkpoint, 'tokenizer.json'), join(copy.root, 'elsewhere.json'))
    unwrap(await run({ tokenizer: join(copy.root, 'elsewhere.json') }))
    expect(existsSync(join(folder(), 'tokenizer.json'))).toBe(true)
  })

  it('reads the links of Hugging Face’s cache to where the bytes are', async () => {
    const blobs = join(copy.root, 'blobs')
    const snapshot = join(copy.root, 'snapshots', 'abc')
    await mkdir(blobs)
    await mkdir(snapshot, { recursive: true })
    for (const [index, name] of (await readdir(copy.checkpoint)).entries()) {
      await rename(join(copy.checkpoint, name), join(blobs, `${index}`))
      await symlink(join('..', '..', 'blobs', `${index}`), join(snapshot, name))
    }
    unwrap(await run({ source: snapshot }))
    const { offers } = unwrap(await describeImported(folder(), resourcesDir))
    await using source = unwrap(await (offers[0]?.open() ?? Promise.reject(new Error('no offer'))))
    const graph = unwrap(
      await source.graph({ part: 'mono', isTraced: false, hasForesight: false, room: fullRoom }),
    )
    expect(graph.folder).toBe('/')
  })

  it('reads shards, wherever each of them lies', async () => {
    const path = join(copy.checkpoint, 'model.safetensors')
    await rename(path, join(copy.checkpoint, 'model-00001-of-00001.safetensors'))
    await writeFile(
      `${path}.index.json`,
      JSON.stringify({ weight_map: { any: 'model-00001-of-00001.safetensors' } }),
    )
    expect(unwrap(await run()).report.files[0]?.path).toContain('model-00001')
  })

  it('finds the word embeddings under the head’s name where nobody wrote down that both are one tensor', async () => {
    await changeHeader(copy.checkpoint, (header) => {
      delete header['__metadata__']
    })
    const { report } = unwrap(await run())
    expect(report.skipped.map(({ group }) => group)).toContain('embedding table')
    const { offers } = unwrap(await describeImported(folder(), resourcesDir))
    await using source = unwrap(await (offers[0]?.open() ?? Promise.reject(new Error('no offer'))))
    expect(unwrap(await source.textRows([7]))).toHaveLength(64)
  })
})

describe('a checkpoint that cannot be used', () => {
  it('is told apart from an adapter', async () => {
    await rename(
      join(copy.checkpoint, 'model.safetensors'),
      join(copy.checkpoint, 'adapter_model.safetensors'),
    )
    await writeFile(join(copy.checkpoint, 'adapter_config.json'), '{}')
    const fault = await faultOf()
    expect(fault.code).toBe('policy/checkpoint-lora')
    expect(fault.message).toContain('merge it into its base model')
  })

  it('is told apart from an adapter whose file is called as a model’s', async () => {
    await changeHeader(copy.checkpoint, (header) => {
      const name = 'model.state_proj.weight'
      const entry = header[name]
      if (entry !== undefined) header['base_model.model.state_proj.lora_A.weight'] = entry
      delete header[name]
    })
    expect((await faultOf()).code).toBe('policy/checkpoint-lora')
  })

  it('says what to do about the pointer that a clone without Git LFS leaves', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 123\n'
    await writeFile(join(copy.checkpoint, 'model.safetensors'), pointer)
    expect(await faultOf()).toMatchObject({
      code: 'policy/checkpoint-damaged',
      message: expect.stringContaining('git lfs pull') as string,
    })
  })

  it.each(['config.json', 'dims.json'])('says that %s is not JSON', async (name) => {
    await writeFile(join(copy.checkpoint, name), '{')
    expect((await faultOf()).message).toContain(`${name} is not JSON`)
  })

  it('is looked for in a folder that is there', async () => {
    const gone = join(copy.root, 'gone')
    expect((await faultOf({ source: gone })).message).toBe(`there is no folder ${gone}`)
    const file = join(copy.checkpoint, 'config.json')
    expect((await faultOf({ source: file })).message).toContain('is a file: name the folder it is in')
  })

  it('is not imported without the tokenizer that a person named', async () => {
    const gone = join(copy.root, 'tokenizer.json')
    const fault = await faultOf({ tokenizer: gone })
    expect(fault).toMatchObject({ code: 'policy/no-tokenizer', data: { path: gone } })
    expect(await listed()).toEqual([])
  })

  it('is not imported with a tokenizer of another model; one that lies there by chance is told of', async () => {
    const other = join(copy.checkpoint, 'tokenizer.json')
    const json = await readFile(other, 'utf8')
    await writeFile(other, json.replaceAll('<|endoftext|>', '<|end|>'))
    expect(await faultOf({ tokenizer: other })).toMatchObject({
      code: 'policy/no-tokenizer',
      message: expect.stringContaining('belongs to another model') as string,
    })
    const { report } = unwrap(await run())
    expect(report.warnings.map(({ code }) => code)).toContain('bad-tokenizer')
  })

  it('names every tensor that is missing and what it is for, those that only folds read too', async () => {
    const key = 'model.qwen3_vl_with_expert.gen_expert.layers.0.self_attn.k_proj.weight'
    const gone = ['model.action_in_proj.bias', 'model.downsample_conv.weight', 'model.state_proj.weight', key]
    await changeHeader(copy.checkpoint, (header) => {
      for (const name of gone) delete header[name]
    })
    const fault = await faultOf()
    expect(fault.code).toBe('policy/checkpoint-incomplete')
    for (const name of gone) expect(fault.message).toContain(name)
    expect(fault.message).toContain('for the state of the arm: model.state_proj.weight')
    expect(new Set(fault.data?.['missing'] as string[])).toEqual(new Set(gone))
  })

  it.each([
    'model.action_time_mlp_in.weight',
    'model.downsample_conv.weight',
    'model.cosmos_in_proj.weight',
    'model.qwen3_vl_with_expert.und_expert.model.visual.pos_embed.weight',
    'model.qwen3_vl_with_expert.und_expert.model.visual.patch_embed.proj.weight',
  ])('is refused when %s, which folds are made of, is turned', async (name) => {
    await changeHeader(copy.checkpoint, (header) => {
      header[name]?.shape.reverse()
    })
    const fault = await faultOf()
    expect(fault.code).toBe('policy/checkpoint-damaged')
    expect(fault.message).toContain(`${name} is `)
  })

  it('is refused when its word embeddings have another width', async () => {
    await changeHeader(copy.checkpoint, (header) => {
      const entry = header['model.qwen3_vl_with_expert.und_expert.lm_head.weight']
      if (entry !== undefined) entry.shape = [832, 32]
    })
    expect((await faultOf()).message).toContain('embed_tokens.weight is BF16 [832, 32]')
  })

  it('is imported without its picture decoder, and says that it foresees nothing', async () => {
    await changeHeader(copy.checkpoint, (header) => {
      for (const name of Object.keys(header)) if (name.includes('_dec_model')) delete header[name]
    })
    expect(unwrap(await run()).report.warnings.map(({ code }) => code)).toContain('no-decoder')
  })

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'a truncated file',
      'policy/checkpoint-damaged',
      () => truncate(join(copy.checkpoint, 'model.safetensors'), 500_000),
    ],
    [
      'a header larger than the file',
      'policy/checkpoint-damaged',
      () => writeFile(join(copy.checkpoint, 'model.safetensors'), Buffer.alloc(64, 0xff)),
    ],
    [
      'a tensor of another shape',
      'policy/checkpoint-damaged',
      () =>
        changeHeader(copy.checkpoint, (header) => {
          const entry = header['model.action_out_proj.weight']
          if (entry !== undefined) entry.shape = [16, 64]
        }),
    ],
    [
      'overlapping tensors',
      'policy/checkpoint-damaged',
      () =>
        changeHeader(copy.checkpoint, (header) => {
          const [first, second] = Object.values(header).filter(
            ({ data_offsets }) => data_offsets !== undefined,
          )
          if (first !== undefined && second !== undefined) second.data_offsets = first.data_offsets
        }),
    ],
    [
      'weights that are no numbers',
      'policy/checkpoint-damaged',
      () => overwrite(copy.checkpoint, 'model.state_proj.bias', Buffer.from('0000c07f', 'hex')),
    ],
    [
      'folded weights that are no numbers',
      'policy/checkpoint-damaged',
      () => overwrite(copy.checkpoint, 'model.action_in_proj.weight', Buffer.from('0000c07f', 'hex')),
    ],
    [
      'another architecture',
      'policy/unknown-architecture',
      async () => {
        const path = join(copy.checkpoint, 'config.json')
        const config = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
        await writeFile(path, JSON.stringify({ ...config, type: 'pi05' }))
      },
    ],
    [
      'a folder without weights',
      'policy/not-found',
      () => rename(join(copy.checkpoint, 'model.safetensors'), join(copy.root, 'gone')),
    ],
    [
      'a folder in the place of the weights',
      'policy/checkpoint-damaged',
      async () => {
        await rename(join(copy.checkpoint, 'model.safetensors'), join(copy.root, 'gone'))
        await mkdir(join(copy.checkpoint, 'model.safetensors'))
      },
    ],
    [
      'parts of which nothing says what is in them',
      'policy/not-found',
      () =>
        rename(
          join(copy.checkpoint, 'model.safetensors'),
          join(copy.checkpoint, 'model-00001-of-00002.safetensors'),
        ),
    ],
    [
      'fewer word embeddings than the language has words',
      'policy/checkpoint-damaged',
      () =>
        changeHeader(copy.checkpoint, (header) => {
          const entry = header['model.qwen3_vl_with_expert.und_expert.lm_head.weight']
          if (entry === undefined) return
          entry.shape = [400, 64]
          entry.data_offsets[1] -= 16 * 64 * 2
        }),
    ],
    [
      'no statistics',
      'policy/checkpoint-incomplete',
      () => rename(join(copy.checkpoint, 'stats.json'), join(copy.root, 'gone')),
    ],
  ])('is refused for %s', async (_, code, damage) => {
    await damage()
    const fault = await faultOf()
    expect(fault).toMatchObject({ code })
    expect(fault.message.length).toBeGreaterThan(20)
    expect(await listed()).toEqual([])
  })

  it('is refused for a robot that its statistics do not know, naming those they do', async () => {
    const fault = await faultOf({ robot: 'unknown_arm' })
    expect(fault.code).toBe('policy/statistics-mismatch')
    expect(fault.message).toContain('aloha')
  })
})

describe('a checkpoint that changes after its import', () => {
  const open = async () => {
    const { offers } = unwrap(await describeImported(folder(), resourcesDir))
    const offer = offers[0]
    if (offer === undefined) throw new Error('no offer')
    const source = await offer.open()
    if (source.ok) await source.value[Symbol.asyncDispose]()
    return source
  }

  it('is loaded as long as only its time of change differs', async () => {
    unwrap(await run())
    await utimes(join(copy.checkpoint, 'model.safetensors'), 1, 1)
    expect((await open()).ok).toBe(true)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['it has another size', () => truncate(join(copy.checkpoint, 'model.safetensors'), 500_000)],
    [
      // The next step of a training run, written to the same place.
      'it holds other weights of the same sizes',
      () => overwrite(copy.checkpoint, 'model.state_proj.weight', Buffer.alloc(64, 0x3c)),
    ],
    ['it is gone', () => rename(join(copy.checkpoint, 'model.safetensors'), join(copy.root, 'gone'))],
    [
      'its header differs',
      () =>
        changeHeader(copy.checkpoint, (header) => {
          const entries = Object.entries(header).filter(([, { data_offsets }]) => data_offsets !== undefined)
          const [first, second] = entries
          if (first === undefined || second === undefined) return
          header[first[0]] = second[1]
          header[second[0]] = first[1]
        }),
    ],
  ])('is refused when %s', async (_, change) => {
    unwrap(await run())
    await change()
    expect(await open()).toMatchObject({ ok: false, error: { code: 'policy/checkpoint-changed' } })
  })
})
