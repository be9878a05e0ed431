import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openTokeniser, type InstructionTokeniser } from '#core/policy/tokenise.ts'

const folder = new URL('../../../fixtures/internvla-a1/tokenizer/', import.meta.url)
const tokenizerText = readFileSync(new URL('tokenizer.json', folder), 'utf8')

interface GoldenTokens {
  readonly pad_id: number
  readonly cases: readonly {
    readonly text: string
    readonly input_ids: readonly number[]
    readonly attention_mask: readonly number[]
    readonly n_tokens_untruncated: number
  }[]
}

function tiny(): InstructionTokeniser {
  const opened = openTokeniser(tokenizerText, 374, 416, 48)
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

describe('a text that is no tokenizer', () => {
  it.each(['', '[]', '{}', 'null', '{"model":{"type":"BPE"}}', '{"model":{"type":"Unheard"}}'])(
    'is refused: %s',
    (text) => {
      expect(openTokeniser(text, 0, 10, 48)).toMatchObject({
        ok: false,
        error: { code: 'policy/no-tokenizer' },
      })
    },
  )
})

describe('the tokenizer of the reference data', () => {
  const golden = JSON.parse(readFileSync(new URL('golden.json', folder), 'utf8')) as GoldenTokens
  const plain = golden.cases.filter(({ text }) => !text.includes('<|image_pad|>'))

  it.each(plain)(
    'reads as the official one: $text',
    ({ text, input_ids, attention_mask, n_tokens_untruncated }) => {
      expect(tiny().encode(text)).toEqual({
        ok: true,
        value: {
          ids: input_ids,
          count: attention_mask.reduce((sum, value) => sum + value, 0),
          untruncated: n_tokens_untruncated,
        },
      })
    },
  )

  it('refuses an instruction that holds marks of pictures, and takes other special tokens as such', () => {
    for (const text of ['look <|image_pad|>', '<|vision_start|>', 'a<|video_pad|>b', '<|vision_end|>'])
      expect(tiny().encode(text)).toMatchObject({ ok: false, error: { code: 'policy/bad-instruction' } })
    expect(tiny().encode('<|im_end|>')).toMatchObject({ ok: true, value: { count: 1 } })
  })

  it('is refused for a model that pads with another token: its ids would be other words there', () => {
    expect(openTokeniser(tokenizerText, 151_643, 151_936, 48)).toMatchObject({
      ok: false,
      error: { code: 'policy/no-tokenizer', message: expect.stringContaining('another model') as string },
    })
  })

  it('says when the vocabulary lacks what a text is cut into', () => {
    const json = JSON.parse(tokenizerText) as object
    const model = { type: 'WordPiece', vocab: { a: 1 } }
    const poor = openTokeniser(JSON.stringify({ ...json, model }), 374, 416, 48)
    expect(poor.ok && poor.value.encode('pick up the red block')).toMatchObject({
      ok: false,
      error: { code: 'policy/no-tokenizer' },
    })
  })

  it('says when its ids are not those of the model', () => {
    const other = openTokeniser(tokenizerText, 374, 100, 48)
    expect(other.ok && other.value.encode('pick up the red block')).toMatchObject({
      ok: false,
      error: { code: 'policy/no-tokenizer' },
    })
  })
})
