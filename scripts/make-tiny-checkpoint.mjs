/** A tiny InternVLA-A1-3B checkpoint of random weights for an SO arm: `node scripts/make-tiny-checkpoint.mjs DIR TOKENIZER`. */
import { writeCheckpoint } from './checkpoints/write-checkpoint.mjs'

const [folder, tokenizer] = process.argv.slice(2)
if (folder === undefined) throw new Error('which folder?')

/** Sizes of the reference data's tiny model, with a chunk long enough to drive an arm. */
const dims = {
  architecture: 'qwena1',
  vocab: 416,
  und_hidden: 64,
  und_inter: 128,
  exp_hidden: 32,
  exp_inter: 64,
  heads: 4,
  kv_heads: 2,
  head_dim: 16,
  layers: 2,
  mrope_section: [4, 2, 2],
  rope_theta: 5_000_000,
  rms_eps: 1e-6,
  vit_hidden: 32,
  vit_inter: 64,
  vit_heads: 2,
  vit_depth: 2,
  vit_pos: 2304,
  vit_patch: 16,
  vit_merge: 2,
  cosmos_channels: 32,
  cosmos_mult: [1, 1, 1],
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
await writeCheckpoint(folder, {
  dims,
  isTestSize: true,
  seed: 1,
  hasHoles: false,
  tokenizer: tokenizer ?? null,
})
