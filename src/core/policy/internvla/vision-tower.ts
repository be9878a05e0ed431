/**
 * The vision tower: 256 × 256 pictures to 64 tokens a view (spec §1.2, §1.4). Its DeepStack branch is
 * emitted only for whoever watches: the official policy computes and drops it.
 */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { attention, rotate } from '../../onnx/ops-attention.ts'
import type { RopeValues } from '../../onnx/ops-attention.ts'
import { add, gelu, mul, sub } from '../../onnx/ops-elementwise.ts'
import { reshape, slice, split, transpose } from '../../onnx/ops-layout.ts'
import { linear, matMul } from '../../onnx/ops-linear.ts'
import { layerNorm } from '../../onnx/ops-normalise.ts'
import type { InternVlaDims } from './dims.ts'
import { visionAngles } from './patch-grid.ts'
import type { QwenFolds } from './qwen-folds.ts'
import { bicubicMatrix } from './resize-matrix.ts'
import type { Trace } from './trace.ts'
import { internVla } from './trunk.ts'
import type { WeightSource } from './weights.ts'

const path = 'model.qwen3_vl_with_expert.und_expert.model.visual'
const epsilon = 1e-6

/**
 * @param images [views, 3, 224, 224], 0…1
 * @returns [views · 64, und_hidden]
 */
export function visionTower(
  g: GraphBuilder,
  images: Value,
  dims: InternVlaDims,
  folds: QwenFolds,
  weights: WeightSource,
  isRounded: boolean,
  trace: Trace,
): Value {
  const side = internVla.modelSide / dims.vit_patch
  const patches = side * side
  const width = dims.vit_hidden / dims.vit_heads
  const angles = visionAngles(side, dims.vit_merge, width, isRounded)
  const views = images.shape[0] ?? 0
  const perView = (table: Float32Array): Float32Array =>
    Float32Array.from({ length: views * table.length }, (_, index) => table[index % table.length] ?? 0)
  const shape = [views, patches, width / 2]
  const rope: RopeValues = {
    cos: g.floats('rope_cos', shape, perView(angles.map(Math.cos))),
    sin: g.floats('rope_sin', shape, perView(angles.map(Math.sin))),
  }
  const firstView = (x: Value): Value => slice(g, x, 0, 0, patches)

  const pixels = patchMatrix(g.scope('patches'), enlarged(g.scope('resize'), images), dims)
  const embedded = linear(
    g.scope('patch_embed'),
    pixels,
    g.floats('patch_embed.folded', [dims.vit_hidden, pixels.shape[1] ?? 0], folds.patchEmbed),
    weights.get(`${path}.patch_embed.proj.bias`, [dims.vit_hidden]),
  )
  trace('vit.patch_embed.view0', () => firstView(embedded))
  const grid = g.floats('pos_embed.grid', [patches, dims.vit_hidden], folds.positionGrid)
  const placed = add(g, reshape(g, embedded, [views, patches, dims.vit_hidden]), grid)
  let x = reshape(g, placed, [views * patches, dims.vit_hidden])
  for (let index = 0; index < dims.vit_depth; index++) {
    x = block(g, x, index, patches, rope, dims, weights)
    const output = x
    trace(`vit.block.${index}.view0`, () => firstView(output))
    const branch = dims.vit_deepstack.indexOf(index)
    const list = `deepstack_merger_list.${branch}`
    if (branch >= 0 && weights.has(`${path}.${list}.norm.weight`))
      trace(`vit.deepstack.${branch}`, () => merge(g.scope(list), output, list, true, dims, weights))
  }
  const merged = merge(g.scope('merger'), x, 'merger', false, dims, weights)
  trace('vit.merged', () => merged)
  return merged
}

/** 224² to 256² by the processor's bicubic kernel, then −1…1. */
function enlarged(g: GraphBuilder, images: Value): Value {
  const to = internVla.modelSide
  const from = images.shape[3] ?? 0
  const matrix = bicubicMatrix(from, to)
  const rows = g.floats('rows', [to, from], matrix)
  const columns = transpose(g, rows, [1, 0])
  const scaled = matMul(g, matMul(g, rows, images), columns)
  return sub(g, mul(g, scaled, g.scalar(2)), g.scalar(1))
}

/** [views, 3, side, side] to [views · patches, 3 · patch²], rows in patch order, columns channel, y, x. */
function patchMatrix(
  g: GraphBuilder,
  images: Value,
  { vit_patch: patch, vit_merge: merge }: InternVlaDims,
): Value {
  const blocks = internVla.modelSide / patch / merge
  const cut = reshape(g, images, [images.shape[0] ?? 0, 3, blocks, merge, patch, blocks, merge, patch])
  return reshape(g, transpose(g, cut, [0, 2, 5, 3, 6, 1, 4, 7]), [-1, 3 * patch * patch])
}

function block(
  graph: GraphBuilder,
  x: Value,
  index: number,
  patches: number,
  rope: RopeValues,
  { vit_hidden: hidden, vit_heads: heads, vit_inter: inter }: InternVlaDims,
  weights: WeightSource,
): Value {
  const g = graph.scope(`blocks.${index}`)
  const at = `${path}.blocks.${index}`
  const pair = (name: string, out: number, from: number): [Value, Value] => [
    weights.get(`${at}.${name}.weight`, [out, from]),
    weights.get(`${at}.${name}.bias`, [out]),
  ]
  const norm = (name: string, value: Value): Value =>
    layerNorm(
      g.scope(name),
      value,
      weights.get(`${at}.${name}.weight`, [hidden]),
      weights.get(`${at}.${name}.bias`, [hidden]),
      epsilon,
    )
  const joined = linear(g.scope('attn.qkv'), norm('norm1', x), ...pair('attn.qkv', 3 * hidden, hidden))
  // Heads first, then the three parts: each is one piece of memory then.
  const perHead = reshape(g, joined, [-1, patches, 3 * heads, hidden / heads])
  const [q, k, v] = split(g, transpose(g, perHead, [0, 2, 1, 3]), 1, 3)
  if (q === undefined || k === undefined || v === undefined) throw new Error('three parts expected')
  const turned = rotate(g.scope('q_rope'), q, rope)
  const attended = attention(g, turned, rotate(g.scope('k_rope'), k, rope), v, null)
  const rows = reshape(g, transpose(g, attended, [0, 2, 1, 3]), [-1, hidden])
  const seen = add(g, x, linear(g.scope('attn.proj'), rows, ...pair('attn.proj', hidden, hidden)))
  const first = linear(g.scope('mlp.fc1'), norm('norm2', seen), ...pair('mlp.linear_fc1', inter, hidden))
  const second = linear(g.scope('mlp.fc2'), gelu(g, first, 'tanh'), ...pair('mlp.linear_fc2', hidden, inter))
  return add(g, seen, second)
}

/** Four patches of a block become one token. @param isNormedAfter the norm is over four patches together, not over each */
function merge(
  g: GraphBuilder,
  x: Value,
  name: string,
  isNormedAfter: boolean,
  dims: InternVlaDims,
  weights: WeightSource,
): Value {
  const wide = dims.vit_hidden * dims.vit_merge ** 2
  const weight = (part: string, shape: readonly number[]): Value =>
    weights.get(`${path}.${name}.${part}`, shape)
  const width = isNormedAfter ? wide : dims.vit_hidden
  const normal = layerNorm(
    g,
    isNormedAfter ? reshape(g, x, [-1, wide]) : x,
    weight('norm.weight', [width]),
    weight('norm.bias', [width]),
    epsilon,
  )
  const blocks = isNormedAfter ? normal : reshape(g, normal, [-1, wide])
  const first = linear(
    g.scope('fc1'),
    blocks,
    weight('linear_fc1.weight', [wide, wide]),
    weight('linear_fc1.bias', [wide]),
  )
  return linear(
    g.scope('fc2'),
    gelu(g, first, 'none'),
    weight('linear_fc2.weight', [dims.und_hidden, wide]),
    weight('linear_fc2.bias', [dims.und_hidden]),
  )
}
