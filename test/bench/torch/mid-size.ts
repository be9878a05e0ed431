/** An InternVLA-A1-3B of random weights and any size, and one call of it, as a folder that PyTorch and our import both read. */
import { join } from 'node:path'
import { randomOf, writeCheckpoint } from '../../../scripts/checkpoints/write-checkpoint.mjs'
import { writeSafetensors } from '../../../scripts/checkpoints/write-safetensors.mjs'

export const midSize = {
  architecture: 'qwena1',
  vocab: 416,
  und_hidden: 512,
  und_inter: 1536,
  exp_hidden: 256,
  exp_inter: 768,
  heads: 8,
  kv_heads: 4,
  head_dim: 64,
  layers: 8,
  mrope_section: [12, 10, 10],
  rope_theta: 5_000_000,
  rms_eps: 1e-6,
  vit_hidden: 256,
  vit_inter: 1024,
  vit_heads: 4,
  vit_depth: 6,
  vit_deepstack: [1, 2, 4],
  vit_pos: 2304,
  vit_patch: 16,
  vit_merge: 2,
  cosmos_channels: 32,
  cosmos_mult: [2, 4, 4],
  cosmos_res_blocks: 2,
  cosmos_latent: 16,
  chunk: 50,
  num_steps: 10,
  max_state_dim: 32,
  max_action_dim: 32,
  image_token_id: 386,
  vision_start_token_id: 383,
  vision_end_token_id: 384,
  pad_token_id: 374,
}
export type Dims = typeof midSize

export interface Call {
  /** [3, 2, 3, 224, 224], 0…1 */
  readonly images: Float32Array<ArrayBuffer>
  /** Padded to 48. */
  readonly ids: readonly number[]
  readonly textTokens: number
  readonly state: Float32Array<ArrayBuffer>
  readonly noise: Float32Array<ArrayBuffer>
}

/**
 * Writes the checkpoint and `call.safetensors` into the folder.
 * @param textTokens 1…48 of the instruction; the rest is padding
 */
export async function writeCase(folder: string, dims: Dims = midSize, textTokens = 9): Promise<Call> {
  await writeCheckpoint(folder, { dims, isTestSize: true, seed: 3, hasHoles: false, tokenizer: null })
  const random = randomOf(4)
  const floats = (count: number, next: () => number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: count }, next)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const call: Call = {
    images: floats(3 * 2 * 3 * 224 * 224, random),
    ids: Array.from({ length: 48 }, (_, index) =>
      index < textTokens ? (7 + 11 * index) % 370 : dims.pad_token_id,
    ),
    textTokens,
    state: floats(dims.max_state_dim, normal),
    noise: floats(dims.chunk * dims.max_action_dim, normal),
  }
  const at =
    (data: ArrayLike<number>) =>
    (index: number): number =>
      data[index] ?? 0
  await writeSafetensors(
    join(folder, 'call.safetensors'),
    new Map([
      ['images', { dtype: 'F32', shape: [3, 2, 3, 224, 224], data: at(call.images) }],
      ['ids', { dtype: 'I64', shape: [48], data: at(call.ids) }],
      ['text_tokens', { dtype: 'I64', shape: [], data: at([textTokens]) }],
      ['state', { dtype: 'F32', shape: [1, dims.max_state_dim], data: at(call.state) }],
      ['noise', { dtype: 'F32', shape: [dims.chunk, dims.max_action_dim], data: at(call.noise) }],
    ] as const),
    {},
  )
  return call
}
