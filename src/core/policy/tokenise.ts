/**
 * Instructions as token ids, with the tokenizer of the policy's own language model (spec/internvla-a1.md §1.3): no chat
 * template, no token before or after, at most 48, padded on the right.
 */
import { Tokenizer } from '@huggingface/tokenizers'
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'

export interface InstructionTokens {
  /** Padded to the length asked for. */
  readonly ids: readonly number[]
  /** Of them, how many are no padding. */
  readonly count: number
  /** Tokens of the whole instruction; more than `count` when its end was cut off, as in training. */
  readonly untruncated: number
}

export interface InstructionTokeniser {
  /** Fails with `policy/bad-instruction` when the text holds a mark that stands for pictures. */
  encode(text: string): Result<InstructionTokens>
}

/** The official code counts these to find the pictures: in an instruction they break it or shift every position. */
const pictureMarks = ['<|image_pad|>', '<|video_pad|>', '<|vision_start|>', '<|vision_end|>'] as const

/** What Qwen's language models fill up with; both architectures stand on one of them. */
const padding = '<|endoftext|>'

/** Null when a part of the text is no token of its vocabulary. */
function idsOf(tokenizer: Tokenizer, text: string): readonly number[] | null {
  try {
    const { ids } = tokenizer.encode(text, { add_special_tokens: false })
    return ids.every((id) => Number.isInteger(id) && id >= 0) ? ids : null
  } catch {
    return null
  }
}

interface TokenizerFile {
  readonly model?: { readonly vocab?: unknown } | null
  readonly added_tokens?: unknown
}

/**
 * What can be seen without building the tokenizer, which takes a second and a hundred megabytes at real sizes: an import asks
 * only this. Fails with `policy/no-tokenizer`.
 */
export function checkTokenizer(tokenizerText: string, padId: number): Result<TokenizerFile> {
  let parsed: TokenizerFile
  try {
    const json: unknown = JSON.parse(tokenizerText)
    if (typeof json !== 'object' || json === null) throw new Error('not an object')
    parsed = json
    if (typeof parsed.model !== 'object' || parsed.model === null) throw new Error('it has no model')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('policy/no-tokenizer', `tokenizer.json cannot be used: ${reason}`, { reason })
  }
  const own = paddingIdOf(parsed)
  if (own === padId) return ok(parsed)
  // Ids of another tokenizer are rows of this model too, only those of other words.
  const said = own === undefined ? `does not know ${padding}` : `has ${padding} as ${own}`
  const message = `tokenizer.json belongs to another model: it ${said}, this model has it as ${padId}`
  return fail('policy/no-tokenizer', message, { own: own ?? null, padId })
}

function paddingIdOf({ model, added_tokens: added }: TokenizerFile): number | undefined {
  const tokens: readonly unknown[] = Array.isArray(added) ? added : []
  for (const token of tokens) {
    if (typeof token !== 'object' || token === null || !('content' in token) || !('id' in token)) continue
    if (token.content === padding && typeof token.id === 'number') return token.id
  }
  const vocab = model?.vocab
  if (typeof vocab !== 'object' || vocab === null) return undefined
  const id: unknown = Object.entries(vocab).find(([word]) => word === padding)?.[1]
  return typeof id === 'number' ? id : undefined
}

/**
 * @param tokenizerText `tokenizer.json`
 * @param padId id that fills up
 * @returns `policy/no-tokenizer` when the text is no tokenizer, or that of another model
 */
export function openTokeniser(
  tokenizerText: string,
  padId: number,
  vocabulary: number,
  length: number,
): Result<InstructionTokeniser> {
  const looked = checkTokenizer(tokenizerText, padId)
  if (!looked.ok) return looked
  let tokenizer: Tokenizer
  try {
    tokenizer = new Tokenizer(looked.value, {})
    if (idsOf(tokenizer, 'a') === null) throw new Error('it cannot read a letter')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('policy/no-tokenizer', `tokenizer.json cannot be used: ${reason}`, { reason })
  }
  const forbidden = new Map(
    pictureMarks.flatMap((mark) => {
      const id = tokenizer.token_to_id(mark)
      return id === undefined ? [] : [[id, mark] as const]
    }),
  )
  return ok({
    encode: (text) => {
      const all = idsOf(tokenizer, text)
      if (all === null)
        return fail(
          'policy/no-tokenizer',
          `tokenizer.json cannot read “${text}”: it belongs to another model`,
        )
      const kept = all.slice(0, length)
      const mark = kept.map((id) => forbidden.get(id)).find((found) => found !== undefined)
      if (mark !== undefined)
        return fail('policy/bad-instruction', `an instruction may not contain ${mark}`, { mark })
      const foreign = kept.find((id) => id >= vocabulary)
      if (foreign !== undefined) {
        const message = `the tokenizer gives id ${foreign}, the model has ${vocabulary} rows: it belongs to another model`
        return fail('policy/no-tokenizer', message, { id: foreign, vocabulary })
      }
      const rest = Array.from({ length: length - kept.length }, () => padId)
      return ok({ ids: [...kept, ...rest], count: kept.length, untruncated: all.length })
    },
  })
}
