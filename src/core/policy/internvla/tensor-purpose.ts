/** What a tensor of a checkpoint is for, in words for somebody who lacks it (spec/internvla-a1.md §1.2, §2). */
import { fail, type Result } from '../../result.ts'

/** The first that matches; names of 3B and 2B alike. */
const purposes: readonly (readonly [RegExp, string])[] = [
  [/\.deepstack/u, 'nothing here (the official policy drops it)'],
  [/\.(visual|vision_model|mlp1)\./u, 'seeing: the vision tower'],
  [/\.(lm_head|embed_tokens)\./u, 'reading the instruction: the word embeddings'],
  [/\.und_expert\./u, 'understanding: the language model'],
  [/\.gen_expert\./u, 'foreseeing: the generation expert, which the action expert attends to'],
  [/\.act_expert\./u, 'acting: the action expert'],
  [/\._enc_model\./u, 'the picture encoder of the foresight'],
  [/\._dec_model\./u, 'decoding the foreseen pictures'],
  [/\.(cosmos|gen)_in_proj\.|\.downsample_conv\./u, 'pictures into tokens of the generation expert'],
  [/\.(cosmos|gen)_out_|\.upsample_conv\./u, 'foreseen tokens into pictures'],
  [/\.state_proj\./u, 'the state of the arm'],
  [/\.action_in_proj\.|\.action_time_mlp/u, 'noise and time of the actions'],
  [/\.action_out_proj\./u, 'the actions that come out'],
]

export const purposeOf = (name: string): string =>
  purposes.find(([pattern]) => pattern.test(`${name}.`))?.[1] ?? 'a part of the model'

const named = 3

/** `policy/checkpoint-incomplete` for tensors that are not there, each part of the model with what it is for and the first names. */
export function missingTensors(names: readonly string[]): Result<never> {
  const parts = new Map<string, string[]>()
  for (const name of new Set(names)) {
    const purpose = purposeOf(name)
    parts.set(purpose, [...(parts.get(purpose) ?? []), name])
  }
  const texts = [...parts].map(([purpose, missing]) => {
    const more = missing.length > named ? ` and ${missing.length - named} more` : ''
    return `for ${purpose}: ${missing.slice(0, named).join(', ')}${more}`
  })
  return fail('policy/checkpoint-incomplete', `missing ${texts.join('; ')}`, {
    missing: [...new Set(names)],
    purposes: Object.fromEntries(parts),
  })
}
