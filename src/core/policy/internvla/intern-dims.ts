/**
 * InternVLA-A1-2B (`interna1`) on InternVL3-1B (spec §2): one width for all experts, Qwen2 layers, InternViT. What is not
 * in the checkpoint comes from this table, or from a `dims.json` in the folder (test checkpoints only).
 */
import { z } from 'zod'
import { ok } from '../../result.ts'
import type { Result } from '../../result.ts'
import { layersOf, parseDims, settingsOf, sizesOf } from './config-file.ts'
import type { ConfigFile } from './config-file.ts'
import { checkDims } from './dims-check.ts'
import { internPrefixLength, internViewTokens } from './intern-layout.ts'
import { trunkDims } from './trunk.ts'
import type { Trunk, TrunkDims, TrunkModules } from './trunk.ts'

const InternDims = z.object({
  ...trunkDims,
  architecture: z.literal('interna1'),
  /** Side of the vision tower's pictures. */
  vit_image: z.int().positive(),
})
type InternFileDims = z.infer<typeof InternDims>
export type InternDims = TrunkDims & Pick<InternFileDims, 'vit_image'>

export interface InternConfig extends Trunk<InternDims> {
  /** Used where the checkpoint has no buffers `imagenet_mean` and `imagenet_std`. */
  readonly pictureMean: readonly number[]
  readonly pictureStd: readonly number[]
}

const a1of2b: InternFileDims = {
  architecture: 'interna1',
  vocab: 151_674,
  und_hidden: 896,
  und_inter: 4864,
  heads: 14,
  kv_heads: 2,
  head_dim: 64,
  layers: 24,
  // The class default that the official code never overrides, although the base model was trained with 1e6.
  rope_theta: 10_000,
  rms_eps: 1e-6,
  vit_hidden: 1024,
  vit_inter: 4096,
  vit_heads: 16,
  vit_depth: 24,
  vit_patch: 14,
  vit_image: 448,
  cosmos_channels: 128,
  cosmos_mult: [2, 4, 4],
  cosmos_res_blocks: 2,
  cosmos_latent: 16,
  chunk: 50,
  num_steps: 10,
  max_state_dim: 32,
  max_action_dim: 32,
  pad_token_id: 151_643,
}

const experts = 'model.internvl_with_expert'
const language = `${experts}.und_expert.model.language_model`

const modules: TrunkModules = {
  und: language,
  gen: `${experts}.gen_expert.model`,
  act: `${experts}.act_expert.model`,
  cosmosEncoder: 'model.cosmos_tokenizer._enc_model',
  cosmosDecoder: 'model.cosmos_tokenizer._dec_model',
  latentIn: 'model.gen_in_proj',
  latentNorm: 'model.gen_out_layer_norm',
  latentOut: 'model.gen_out_proj',
  // Not tied here: `lm_head` is another tensor and unused.
  embedding: `${language}.embed_tokens.weight`,
  tied: new Map(),
}

/** @returns `policy/checkpoint-damaged` for a file that is not what it should be */
export function readInternConfig(config: ConfigFile, dimsText: string | null): Result<InternConfig> {
  const layers = layersOf(config.internvl_variant)
  if (!layers.ok) return layers
  const table = parseDims(InternDims, dimsText, a1of2b)
  if (!table.ok) return table
  const { und_hidden: exp_hidden, und_inter: exp_inter, vit_image: inputSide, vit_patch } = table.value
  const sizes = { ...table.value, ...sizesOf(config, layers.value), exp_hidden, exp_inter }
  // Four patches become one token.
  const patches = 2 * Math.sqrt(internViewTokens)
  const dims = checkDims(sizes, [
    [
      inputSide === patches * vit_patch,
      `vit_image ${inputSide} is not ${patches} patches of vit_patch ${vit_patch}`,
    ],
  ])
  if (!dims.ok) return dims
  return ok({
    ...settingsOf(config),
    dims: dims.value,
    modules,
    hasQkNorm: false,
    hasQkvBias: true,
    inputSide,
    prefixLength: internPrefixLength,
    viewTokens: internViewTokens,
    pictureMean: config.imagenet_mean ?? [0.485, 0.456, 0.406],
    pictureStd: config.imagenet_std ?? [0.229, 0.224, 0.225],
  })
}
