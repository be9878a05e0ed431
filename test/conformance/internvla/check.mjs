// InternVLA-A1 of shapes that no fixture has, against the port in PyTorch (test/bench/torch): head counts, layers, rope
// sections, tower, Cosmos, steps, chunk and text length may all differ from a release's.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { lerobotPython } from '../environment/python-env.mjs'

const small = {
  und_hidden: 64,
  und_inter: 96,
  exp_hidden: 32,
  exp_inter: 48,
  heads: 4,
  kv_heads: 2,
  head_dim: 16,
  layers: 2,
  mrope_section: [4, 2, 2],
  vit_hidden: 32,
  vit_inter: 64,
  vit_heads: 2,
  vit_depth: 3,
  vit_deepstack: [0, 1, 2],
  cosmos_mult: [1, 2, 2],
  cosmos_res_blocks: 1,
  chunk: 10,
}

const shapes = [
  [
    'six heads on two, wider than the model; three layers; three steps',
    {
      heads: 6,
      head_dim: 32,
      mrope_section: [6, 5, 5],
      und_hidden: 96,
      exp_hidden: 64,
      layers: 3,
      num_steps: 3,
      chunk: 7,
    },
    9,
  ],
  ['one layer, one key head, an instruction of one token', { layers: 1, kv_heads: 1 }, 1],
  [
    'rope by height more than time, other theta, no padding left',
    { head_dim: 24, mrope_section: [2, 5, 5], rope_theta: 10_000 },
    48,
  ],
  [
    'other tower, other Cosmos, other sizes of state and action',
    {
      vit_hidden: 48,
      vit_heads: 3,
      vit_depth: 5,
      vit_deepstack: [0, 2, 4],
      vit_pos: 1024,
      cosmos_mult: [2, 4, 4],
      cosmos_res_blocks: 3,
      max_state_dim: 24,
      max_action_dim: 16,
    },
    9,
  ],
]

export async function* checks() {
  const { missing, python } = lerobotPython()
  if (missing !== undefined) {
    yield { title: 'InternVLA-A1 of other shapes', status: 'skipped', detail: `missing: ${missing}` }
    return
  }
  for (const [title, changes, textTokens] of shapes) {
    const folder = mkdtempSync(join(tmpdir(), 'foresight-shape-'))
    try {
      yield compare(python, folder, title, { ...small, ...changes }, textTokens)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function compare(python, folder, title, dims, textTokens) {
  const answers = [
    [
      process.execPath,
      [join(import.meta.dirname, 'ask-shape.ts'), folder, JSON.stringify(dims), String(textTokens)],
    ],
    [python, [resolve('test', 'bench', 'torch', 'time_port.py'), folder, '1', 'eager', '1']],
  ].map(([command, args]) => {
    const env = { ...process.env, OMP_WAIT_POLICY: 'passive' }
    const { status, stdout, stderr } = spawnSync(command, args, {
      encoding: 'utf8',
      env,
      timeout: 300_000,
      maxBuffer: 1 << 26,
    })
    return status === 0
      ? JSON.parse(stdout.slice(stdout.indexOf('{'))).actions
      : stderr.trim().split('\n').at(-1)
  })
  const [ours, theirs] = answers
  const failed = answers.find((answer) => !Array.isArray(answer))
  if (failed !== undefined) return { title, status: 'failed', detail: failed }
  const worst = Math.max(...theirs.map((value, index) => Math.abs(value - (ours[index] ?? Number.NaN))))
  const isRight = ours.length === theirs.length && worst < 1e-4
  return { title, status: isRight ? 'passed' : 'failed', detail: `largest difference ${worst}` }
}
