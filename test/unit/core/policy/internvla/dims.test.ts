import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readModel } from '#core/policy/internvla/model.ts'
import { goldenRoot } from './golden.ts'

const text = readFileSync(new URL('tiny-3b/config.json', goldenRoot), 'utf8')
const dims = readFileSync(new URL('tiny-3b/dims.json', goldenRoot), 'utf8')
const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...JSON.parse(text), ...change })

const trunkOf = (config: string, given: string | null) => {
  const model = readModel(config, given)
  return model.ok ? { ok: true, value: model.value.trunk } : model
}

describe('the configuration of a checkpoint', () => {
  it('takes hard-coded sizes from the architecture’s table and counts from the variant’s name', () => {
    const config = trunkOf(changed({ qwen3_vl_variant: 'qwen3_vl_28l', chunk_size: 50 }), null)
    expect(config).toMatchObject({
      ok: true,
      value: {
        hasRoundedFrequencies: true,
        dims: { layers: 28, heads: 16, head_dim: 128, chunk: 50, vocab: 151_936, rope_theta: 5e6 },
      },
    })
  })

  it('takes them from dims.json where a test checkpoint has one', () => {
    expect(trunkOf(text, dims)).toMatchObject({
      ok: true,
      value: { dims: { layers: 2, heads: 4, vocab: 416 }, actionDim: 16 },
    })
  })

  it('knows the 2B architecture by its own table', () => {
    const two = JSON.stringify({
      ...JSON.parse(readFileSync(new URL('tiny-2b/config.json', goldenRoot), 'utf8')),
      internvl_variant: 'internvl_24l',
    })
    expect(trunkOf(two, null)).toMatchObject({
      ok: true,
      value: {
        inputSide: 448,
        prefixLength: 816,
        dims: { layers: 24, heads: 14, kv_heads: 2, und_hidden: 896, exp_hidden: 896, rope_theta: 10_000 },
      },
    })
  })

  it('takes what a file leaves out from the official configuration', () => {
    const left = ['chunk_size', 'max_state_dim', 'num_inference_steps', 'min_period', 'output_features']
    const config = changed(Object.fromEntries(left.map((name) => [name, undefined])))
    expect(trunkOf(config, null)).toMatchObject({
      ok: true,
      value: { dims: { chunk: 50, max_state_dim: 32, num_steps: 10 }, actionDim: 32 },
    })
  })

  it('keeps exact frequencies for a float32 checkpoint', () => {
    expect(trunkOf(changed({ dtype: 'float32' }), dims)).toMatchObject({
      ok: true,
      value: { hasRoundedFrequencies: false },
    })
  })

  it.each<[string, string, string | null, string]>([
    ['another architecture', changed({ type: 'pi05' }), null, 'policy/unknown-architecture'],
    ['the base model', JSON.stringify({ model_type: 'qwen3_vl' }), null, 'policy/unknown-architecture'],
    ['no type at all', changed({ type: undefined }), null, 'policy/unknown-architecture'],
    ['no JSON', '{', null, 'policy/checkpoint-damaged'],
    [
      'more steps than a graph can hold',
      changed({ num_inference_steps: 1e6 }),
      null,
      'policy/checkpoint-damaged',
    ],
    ['a chunk beyond any memory', changed({ chunk_size: 1e9 }), null, 'policy/checkpoint-damaged'],
    [
      'widths beyond any memory',
      text,
      JSON.stringify({ ...JSON.parse(dims), und_hidden: 2 ** 50 }),
      'policy/checkpoint-damaged',
    ],
    ['a chunk of nothing', changed({ chunk_size: 0 }), null, 'policy/checkpoint-damaged'],
    [
      'a variant without a layer count',
      changed({ qwen3_vl_variant: 'qwen3_vl_2b' }),
      null,
      'policy/checkpoint-damaged',
    ],
    ['broken dims', text, '{"heads":-1}', 'policy/checkpoint-damaged'],
  ])('is refused for %s', (_, config, given, code) => {
    expect(trunkOf(config, given)).toMatchObject({ ok: false, error: { code } })
  })

  const two = (name: string): string => readFileSync(new URL(`tiny-2b/${name}`, goldenRoot), 'utf8')

  it.each<[string, Record<string, unknown>, string]>([
    ['heads that cannot be shared', { heads: 5 }, '5 heads do not share 2 kv_heads'],
    ['half heads', { head_dim: 15 }, 'head_dim 15'],
    ['an odd width of the experts', { exp_hidden: 33 }, 'width of 33'],
    ['channels that make no groups', { cosmos_channels: 48 }, 'cosmos_channels 48'],
    ['vision heads too narrow for rows and columns', { vit_heads: 16 }, '16 vit_heads'],
    ['another grid of patches', { vit_patch: 8 }, '8 × 8 tokens of 256 pixels'],
    ['a position table that is no square', { vit_pos: 2000 }, 'vit_pos 2000'],
  ])('names %s', (_, change, part) => {
    expect(trunkOf(text, JSON.stringify({ ...JSON.parse(dims), ...change }))).toMatchObject({
      ok: false,
      error: { code: 'policy/checkpoint-damaged', message: expect.stringContaining(part) as string },
    })
  })

  it('names a 2B tower whose pictures are not 32 patches wide', () => {
    const given = JSON.stringify({ ...JSON.parse(two('dims.json')), vit_image: 224 })
    expect(trunkOf(two('config.json'), given)).toMatchObject({
      ok: false,
      error: { message: 'dims.json: vit_image 224 is not 32 patches of vit_patch 14' },
    })
  })
})
