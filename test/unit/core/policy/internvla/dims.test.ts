import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readInternVlaConfig } from '#core/policy/internvla/dims.ts'
import { goldenRoot } from './golden.ts'

const text = readFileSync(new URL('tiny-3b/config.json', goldenRoot), 'utf8')
const dims = readFileSync(new URL('tiny-3b/dims.json', goldenRoot), 'utf8')
const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...JSON.parse(text), ...change })

describe('the configuration of a checkpoint', () => {
  it('takes hard-coded sizes from the architecture’s table and counts from the variant’s name', () => {
    const config = readInternVlaConfig(changed({ qwen3_vl_variant: 'qwen3_vl_28l', chunk_size: 50 }), null)
    expect(config).toMatchObject({
      ok: true,
      value: {
        hasRoundedFrequencies: true,
        dims: { layers: 28, heads: 16, head_dim: 128, chunk: 50, vocab: 151_936, rope_theta: 5e6 },
      },
    })
  })

  it('takes them from dims.json where a test checkpoint has one', () => {
    expect(readInternVlaConfig(text, dims)).toMatchObject({
      ok: true,
      value: { dims: { layers: 2, heads: 4, vocab: 416 }, actionDim: 16 },
    })
  })

  it('keeps exact frequencies for a float32 checkpoint', () => {
    expect(readInternVlaConfig(changed({ dtype: 'float32' }), dims)).toMatchObject({
      ok: true,
      value: { hasRoundedFrequencies: false },
    })
  })

  it.each<[string, string, string | null, string]>([
    ['another architecture', changed({ type: 'pi05' }), null, 'policy/unknown-architecture'],
    ['no JSON', '{', null, 'policy/checkpoint-damaged'],
    ['no chunk size', changed({ chunk_size: undefined }), null, 'policy/checkpoint-damaged'],
    [
      'a variant without a layer count',
      changed({ qwen3_vl_variant: 'qwen3_vl_2b' }),
      null,
      'policy/checkpoint-damaged',
    ],
    ['broken dims', text, '{"heads":-1}', 'policy/checkpoint-damaged'],
  ])('is refused for %s', (_, config, given, code) => {
    expect(readInternVlaConfig(config, given)).toMatchObject({ ok: false, error: { code } })
  })
})
