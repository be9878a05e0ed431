/** A full-size InternVLA-A1-3B checkpoint of random weights (holes for the big matrices): `node scripts/make-full-checkpoint.mjs DIR [TOKENIZER]`. */
import { writeCheckpoint } from './checkpoints/write-checkpoint.mjs'

const [folder, tokenizer] = process.argv.slice(2)
if (folder === undefined) throw new Error('which folder?')

const dims = {
  vocab: 151_936,
  und_hidden: 2048,
  und_inter: 6144,
  exp_hidden: 1024,
  exp_inter: 3072,
  heads: 16,
  kv_heads: 8,
  head_dim: 128,
  layers: 28,
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
}
await writeCheckpoint(folder, {
  dims,
  isTestSize: false,
  seed: 1,
  hasHoles: true,
  tokenizer: tokenizer ?? null,
})
