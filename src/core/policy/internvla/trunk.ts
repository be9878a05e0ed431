/**
 * What the architectures of the family share: three text stacks that hand their keys on, Cosmos latents in the middle, a
 * flow of actions at the end. An architecture says its sizes, the names of its modules, and how its prefix begins.
 */
import { z } from 'zod'

const Size = z
  .int()
  .positive()
  .max(1 << 20)

/** Names follow `dims.json` of the reference data. */
export const trunkDims = {
  vocab: Size,
  und_hidden: Size,
  und_inter: Size,
  heads: Size,
  kv_heads: Size,
  head_dim: Size,
  layers: Size,
  rope_theta: z.number().positive(),
  rms_eps: z.number().positive(),
  vit_hidden: Size,
  vit_inter: Size,
  vit_heads: Size,
  vit_depth: Size,
  vit_patch: Size,
  cosmos_channels: Size,
  cosmos_mult: z.array(Size).length(3),
  cosmos_res_blocks: Size,
  cosmos_latent: Size,
  chunk: Size,
  num_steps: Size,
  max_state_dim: Size,
  max_action_dim: Size,
  pad_token_id: z.int().nonnegative(),
} as const

const TrunkDims = z.object({ ...trunkDims, exp_hidden: Size, exp_inter: Size })
export type TrunkDims = z.infer<typeof TrunkDims>

/** Module paths in the checkpoint. */
export interface TrunkModules {
  /** Stack of the understanding expert, without `.layers`. */
  readonly und: string
  readonly gen: string
  readonly act: string
  readonly cosmosEncoder: string
  readonly cosmosDecoder: string
  readonly latentIn: string
  readonly latentNorm: string
  readonly latentOut: string
  readonly embedding: string
  /** Names that a tensor may be stored under instead of its own, by its own. */
  readonly tied: ReadonlyMap<string, string>
}

export interface Trunk<Dims extends TrunkDims = TrunkDims> {
  readonly dims: Dims
  readonly modules: TrunkModules
  /** Queries and keys are normalised per head (Qwen3); queries, keys and values have biases (Qwen2). */
  readonly hasQkNorm: boolean
  readonly hasQkvBias: boolean
  /** Rope frequencies were rounded to bfloat16 in training (spec §1.6). */
  readonly hasRoundedFrequencies: boolean
  readonly minPeriod: number
  readonly maxPeriod: number
  /** Width of the checkpoint's own robot. */
  readonly actionDim: number
  /** Side of the pictures that come in, after padding. */
  readonly inputSide: number
  /** Of the official sequence: all views, all 48 instruction tokens. */
  readonly prefixLength: number
  /** Prefix tokens of a view, its marks included. */
  readonly viewTokens: number
}

/** Fixed by the method, whatever the architecture. */
export const internVla = {
  views: 3,
  /** Frames of a view that the generation expert sees: 15 control ticks ago, and now. */
  frames: 2,
  historyTicks: 15,
  /** Side of the pictures that Cosmos takes and gives. */
  modelSide: 256,
  textTokens: 48,
  /** Latent side over side of the generation expert's token grid. */
  latentPerToken: 8,
  /** Tokens of the generation expert per view and frame. */
  frameTokens: 16,
} as const

export const middleLength = internVla.views * internVla.frames * internVla.frameTokens
