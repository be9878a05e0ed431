/**
 * The tokenizer of a checkpoint's language model: releases do not carry it (spec/internvla-a1.md §1.3), so it is looked for
 * where people put it, and a person is told where to get it.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { InternVlaModel } from '#core/policy/internvla/model.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import { openTokeniser, type InstructionTokeniser } from '#core/policy/tokenise.ts'
import { fail, type Result } from '#core/result.ts'

const fileName = 'tokenizer.json'

const baseModel: Readonly<Record<string, string>> = {
  qwena1: 'Qwen/Qwen3-VL-2B-Instruct',
  interna1: 'OpenGVLab/InternVL3-1B',
}

/** In the checkpoint's folder, in a folder `tokenizer` in it, or in one beside it. */
const usualPlaces = (folder: string): readonly string[] => [
  join(folder, fileName),
  join(folder, 'tokenizer', fileName),
  join(dirname(folder), 'tokenizer', fileName),
]

/**
 * @param given the file a person named; null looks in the usual places of `folder`
 * @returns `policy/no-tokenizer`, which says what to fetch
 */
export async function findTokenizer(
  given: string | null,
  folder: string,
  model: InternVlaModel,
): Promise<Result<InstructionTokeniser>> {
  const { pad_token_id: pad, vocab } = model.trunk.dims
  for (const path of given === null ? usualPlaces(folder) : [given]) {
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text !== null) return openTokeniser(text, pad, vocab, internVla.textTokens)
  }
  const from = baseModel[model.architecture] ?? 'the base model'
  const where = given === null ? `no ${fileName} in or beside ${folder}` : `${given} cannot be read`
  const message = `${where}: fetch ${fileName} of ${from} from Hugging Face and name it`
  return fail('policy/no-tokenizer', message, { model: from, path: given })
}
