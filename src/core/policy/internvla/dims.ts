/**
 * Sizes of one InternVLA-A1 checkpoint. What the official code hard-codes (head counts, M-RoPE sections, special token
 * ids, rope theta) comes from the architecture's table, or from a `dims.json` in the folder (test checkpoints only).
 */
import { z } from 'zod'
import { fail, ok } from '../../result.ts'
import type { Result } from '../../result.ts'

const Size = z.int().positive()

/** Names follow `dims.json` of the reference data. */
export const InternVlaDims = z.object({
  architecture: z.literal('qwena1'),
  vocab: Size,
  und_hidden: Size,
  und_inter: Size,
  exp_hidden: Size,
  exp_inter: Size,
  heads: Size,
  kv_heads: Size,
  head_dim: Size,
  layers: Size,
  /** Frequencies of the axes time, height, width; they sum to half a head. */
  mrope_section: z.tuple([Size, Size, Size]),
  rope_theta: z.number().positive(),
  rms_eps: z.number().positive(),
  vit_hidden: Size,
  vit_inter: Size,
  vit_heads: Size,
  vit_depth: Size,
  /** Entries of the learned position table, a square. */
  vit_pos: Size,
  vit_patch: Size,
  vit_merge: Size,
  cosmos_channels: Size,
  cosmos_mult: z.array(Size).length(3),
  cosmos_res_blocks: Size,
  cosmos_latent: Size,
  chunk: Size,
  num_steps: Size,
  max_state_dim: Size,
  max_action_dim: Size,
  image_token_id: Size,
  vision_start_token_id: Size,
  vision_end_token_id: Size,
  pad_token_id: Size,
})

export type InternVlaDims = z.infer<typeof InternVlaDims>

/** InternVLA-A1-3B on Qwen3-VL-2B (spec/internvla-a1.md §1.0, §1.3, §1.4, §3). */
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

/** Fixed by the method, whatever the size of the model. */
export const internVla = {
  views: 3,
  /** Frames of a view that the generation expert sees: 15 control ticks ago, and now. */
  frames: 2,
  historyTicks: 15,
  /** Side of the pictures that come in, after padding. */
  inputSide: 224,
  /** Side that both picture paths scale to. */
  modelSide: 256,
  textTokens: 48,
  /** Latent side over side of the generation expert's token grid. */
  latentPerToken: 8,
} as const

/** What `config.json` says of the network. */
export interface InternVlaConfig {
  readonly dims: InternVlaDims
  /** Rope frequencies were rounded to bfloat16 in training (spec §1.6). */
  readonly hasRoundedFrequencies: boolean
  readonly minPeriod: number
  readonly maxPeriod: number
  /** Width of the checkpoint's own robot. */
  readonly actionDim: number
}

const Config = z.looseObject({
  type: z.string(),
  qwen3_vl_variant: z.string().optional(),
  dtype: z.enum(['bfloat16', 'float32', 'float16']),
  chunk_size: Size,
  max_state_dim: Size,
  max_action_dim: Size,
  num_inference_steps: Size,
  min_period: z.number().positive(),
  max_period: z.number().positive(),
  output_features: z.object({ action: z.looseObject({ shape: z.array(Size).min(1) }) }),
})

/**
 * @param configText `config.json`
 * @param dimsText `dims.json`, null in a real release
 * @returns `policy/unknown-architecture` for another model, `policy/checkpoint-damaged` for a file that is not what it should be
 */
export function readInternVlaConfig(configText: string, dimsText: string | null): Result<InternVlaConfig> {
  const config = Config.safeParse(parseJson(configText))
  if (!config.success) return damaged('config.json', config.error)
  const { type, qwen3_vl_variant: variant } = config.data
  if (type !== 'qwena1') {
    return fail(
      'policy/unknown-architecture',
      `config.json is of type ${type}, not qwena1 (InternVLA-A1-3B)`,
      { type },
    )
  }
  const given = dimsText === null ? null : InternVlaDims.safeParse(parseJson(dimsText))
  if (given?.success === false) return damaged('dims.json', given.error)
  const layers = layersOf(variant ?? '')
  if (layers === null)
    return fail('policy/checkpoint-damaged', `no layer count in the variant ${String(variant)}`)
  const { chunk_size: chunk, max_state_dim, max_action_dim, num_inference_steps: num_steps } = config.data
  const table = given?.data ?? a1of3b
  return ok({
    dims: { ...table, layers, chunk, max_state_dim, max_action_dim, num_steps },
    hasRoundedFrequencies: config.data.dtype === 'bfloat16',
    minPeriod: config.data.min_period,
    maxPeriod: config.data.max_period,
    actionDim: config.data.output_features.action.shape[0] ?? max_action_dim,
  })
}

/** The official code reads the count from the name: `qwen3_vl_28l` has 28 (spec §1.13). */
function layersOf(variant: string): number | null {
  const digits = /_(\d+)l$/.exec(variant)?.[1]
  return digits === undefined ? null : Number(digits)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const damaged = (file: string, error: z.ZodError) =>
  fail(
    'policy/checkpoint-damaged',
    `${file}: ${error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
    { file },
  )
