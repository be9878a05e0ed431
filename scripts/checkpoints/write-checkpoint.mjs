/** A whole checkpoint folder of random weights: what a release has, with a robot that this station drives. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { qwena1Tensors } from './qwena1-tensors.mjs'
import { writeSafetensors } from './write-safetensors.mjs'

/** A small generator of its own, so that a seed means the same everywhere (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const joints = ['shoulder_pan', 'shoulder_lift', 'elbow_flex', 'wrist_flex', 'wrist_roll', 'gripper']

/** Poses over the arm's range, and steps of a degree or so: a relative policy that stays where it is. */
const statistics = {
  so_follower: {
    'observation.state': {
      min: [-100, -100, -100, -100, -160, 0],
      max: [100, 100, 100, 100, 160, 100],
      mean: [0, -20, 20, 40, 0, 30],
      std: [30, 35, 35, 30, 20, 30],
      count: [1000],
    },
    action: {
      min: [-8, -8, -8, -8, -8, 0],
      max: [8, 8, 8, 8, 8, 100],
      mean: [0, 0, 0, 0, 0, 30],
      std: [0.8, 0.8, 0.8, 0.8, 0.8, 5],
      count: [1000],
    },
  },
}

/**
 * @param {string} folder
 * @param {{ dims: Record<string, unknown>, isTestSize: boolean, seed: number, hasHoles: boolean, tokenizer: string | null }} options
 */
export async function writeCheckpoint(folder, { dims, isTestSize, seed, hasHoles, tokenizer }) {
  await mkdir(folder, { recursive: true })
  const random = randomOf(seed)
  const around = (centre, spread) => () => centre + spread * (2 * random() - 1)
  const tensors = new Map()
  for (const [name, { dtype, shape, kind }] of qwena1Tensors(dims)) {
    const from = shape.slice(1).reduce((product, size) => product * size, 1)
    const fill = {
      matrix: hasHoles ? null : around(0, Math.sqrt(3 / from)),
      head: around(0, Math.sqrt(3 / from)),
      norm: around(1, 0.1),
      bias: around(0, 0.02),
      constant: (index) => index,
    }
    tensors.set(name, { dtype, shape, data: fill[kind] })
  }
  const language = 'model.qwen3_vl_with_expert.und_expert'
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, {
    [`${language}.model.language_model.embed_tokens.weight`]: `${language}.lm_head.weight`,
  })
  const json = (name, value) => writeFile(join(folder, name), JSON.stringify(value, null, 2))
  await json('config.json', {
    type: 'qwena1',
    n_obs_steps: 1,
    qwen3_vl_variant: `qwen3_vl_${String(dims.layers)}l`,
    action_expert_variant: `qwen3_${String(dims.layers)}l`,
    dtype: 'bfloat16',
    chunk_size: dims.chunk,
    n_action_steps: dims.chunk,
    max_state_dim: dims.max_state_dim,
    max_action_dim: dims.max_action_dim,
    num_inference_steps: dims.num_steps,
    min_period: 0.004,
    max_period: 4,
    image_resolution: [224, 224],
    output_features: { action: { type: 'ACTION', shape: [joints.length] } },
  })
  if (isTestSize) await json('dims.json', dims)
  await json('train_config.json', { dataset: { repo_id: 'random-weights', action_mode: 'delta' } })
  await json('stats.json', statistics)
  await writeFile(
    join(folder, 'README.md'),
    '---\nlicense: apache-2.0\n---\nRandom weights, made by scripts/checkpoints.\n',
  )
  if (tokenizer !== null) await copyFile(tokenizer, join(folder, 'tokenizer.json'))
}
