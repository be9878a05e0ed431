/** Sizes of a `dims.json` that each are possible and cannot be together: said here, in words, before a graph cannot be made of them. */
import { firstFew } from '../../first-few.ts'
import { fail, ok } from '../../result.ts'
import type { Result } from '../../result.ts'
import type { TrunkDims } from './trunk.ts'

/** Groups of the image tokenizer's normalisation. */
const groups = 32

type Rule = readonly [isMet: boolean, text: string]

const trunkRules = (dims: TrunkDims): readonly Rule[] => [
  [dims.heads % dims.kv_heads === 0, `${dims.heads} heads do not share ${dims.kv_heads} kv_heads evenly`],
  [dims.head_dim % 2 === 0, `head_dim ${dims.head_dim} has no two halves to turn`],
  [
    dims.exp_hidden % 2 === 0,
    `an expert's width of ${dims.exp_hidden} has no room for sines and cosines of time`,
  ],
  [
    dims.vit_hidden % dims.vit_heads === 0,
    `vit_hidden ${dims.vit_hidden} is not ${dims.vit_heads} vit_heads`,
  ],
  [
    [1, ...dims.cosmos_mult].every((multiple) => (dims.cosmos_channels * multiple) % groups === 0),
    `cosmos_channels ${dims.cosmos_channels} times ${dims.cosmos_mult.join(', ')} are not whole ${groups} groups`,
  ],
]

/** Fails with `policy/checkpoint-damaged`, every contradiction named. @param own what the architecture itself demands */
export function checkDims<D extends TrunkDims>(dims: D, own: readonly Rule[]): Result<D> {
  const problems = [...trunkRules(dims), ...own].filter(([isMet]) => !isMet).map(([, text]) => text)
  return problems.length === 0
    ? ok(dims)
    : fail('policy/checkpoint-damaged', `dims.json: ${firstFew(problems)}`, { file: 'dims.json', problems })
}
