/**
 * InternVLA-A1-3B (`qwena1`) on Qwen3-VL-2B. What the official code hard-codes (head counts, M-RoPE sections, special
 * token ids, rope theta) comes from this table, or from a `dims.json` in the folder (test checkpoints only).
 */
import { z } from 'zod'
import { ok } from '../../result.ts'
import type { Result } from '../../result.ts'
import { layersOf, parseDims, settingsOf, sizesOf } from './config-file.ts'
import type { ConfigFile } from './config-file.ts'
import { checkDims } from './dims-check.ts'
import { gridSide, prefixLength, viewTokens } from './token-layout.ts'
import { internVla, trunkDims } from './trunk.ts'
import type { Trunk, TrunkModules } from './trunk.ts'

const Size = z
  .int()
  .positive()
  .max(1 << 20)

const InternVlaDims = z.object({
  ...trunkDims,
  architecture: z.literal('qwena1'),
  exp_hidden: Size,
  exp_inter: Size,
  /** Frequencies of the axes time, height, width; they sum to half a head. */
  mrope_section: z.tuple([Size, Size, Size]),
  /** Entries of the learned position table, a square. */
  vit_pos: Size,
  vit_merge: Size,
  /** Blocks whose output the official code merges once more and drops. */
  vit_deepstack: z.array(z.int().nonnegative()).default([5, 11, 17]),
  image_token_id: Size,
  vision_start_token_id: Size,
  vision_end_token_id: Size,
})
export type InternVlaDims = z.infer<typeof InternVlaDims>
export type InternVlaConfig = Trunk<InternVlaDims>

/** Spec/internvla-a1.md §1.0, §1.3, §1.4, §3. */
const a1of3b: InternVlaDims = {
  architecture: 'qwena1',
  vocab: 151_936,
  und_hidden: 2048,
  und_inter: 6144,
  exp_hidden: 1024,
  exp_inter: 3072,
  heads: 16,
  kv_heads: 8,
  head_dim: 128,
  layers: 28,
  mrope_section: [24, 20, 20],
  // Not stored in the checkpoint; other versions of transformers default to 500 000 (spec §1.6).
  rope_theta: 5_000_000,
  rms_eps: 1e-6,
  vit_hidden: 1024,
  vit_inter: 4096,
  vit_heads: 16,
  vit_depth: 24,
  vit_pos: 2304,
  vit_patch: 16,
  vit_merge: 2,
  vit_deepstack: [5, 11, 17],
  cosmos_channels: 128,
  cosmos_mult: [2, 4, 4],
  cosmos_res_blocks: 2,
  cosmos_latent: 16,
  chunk: 50,
  num_steps: 10,
  max_state_dim: 32,
  max_action_dim: 32,
  image_token_id: 151_655,
  vision_start_token_id: 151_652,
  vision_end_token_id: 151_653,
  pad_token_id: 151_643,
}

const experts = 'model.qwen3_vl_with_expert'
const language = `${experts}.und_expert.model.language_model`

const modules: TrunkModules = {
  und: language,
  gen: `${experts}.gen_expert`,
  act: `${experts}.act_expert`,
  cosmosEncoder: 'model.cosmos._enc_model',
  cosmosDecoder: 'model.cosmos._dec_model',
  latentIn: 'model.cosmos_in_proj',
  latentNorm: 'model.cosmos_out_layer_norm',
  latentOut: 'model.cosmos_out_proj',
  embedding: `${language}.embed_tokens.weight`,
  // The official file keeps only `lm_head` and says so; one that was saved again in shards may not say it.
  tied: new Map([[`${language}.embed_tokens.weight`, `${experts}.und_expert.lm_head.weight`]]),
}

/** @returns `policy/checkpoint-damaged` for a file that is not what it should be */
export function readInternVlaConfig(config: ConfigFile, dimsText: string | null): Result<InternVlaConfig> {
  const layers = layersOf(config.qwen3_vl_variant)
  if (!layers.ok) return layers
  const table = parseDims(InternVlaDims, dimsText, a1of3b)
  if (!table.ok) return table
  const { vit_patch: patch, vit_merge: merge, vit_hidden, vit_heads, vit_pos } = table.value
  const dims = checkDims({ ...table.value, ...sizesOf(config, layers.value) }, [
    [
      internVla.modelSide === patch * merge * gridSide,
      `vit_patch ${patch} and vit_merge ${merge} do not make ${gridSide} × ${gridSide} tokens of ${internVla.modelSide} pixels`,
    ],
    [
      vit_hidden % (4 * vit_heads) === 0,
      `vit_hidden ${vit_hidden} is not ${vit_heads} vit_heads of rows and columns`,
    ],
    [Number.isInteger(Math.sqrt(vit_pos)), `vit_pos ${vit_pos} is no square`],
  ])
  if (!dims.ok) return dims
  return ok({
    ...settingsOf(config),
    dims: dims.value,
    modules,
    hasQkNorm: true,
    hasQkvBias: false,
    inputSide: 224,
    prefixLength,
    viewTokens,
  })
}
