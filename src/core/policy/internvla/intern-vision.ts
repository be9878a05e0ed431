/**
 * InternViT and the projector of the 2B model (spec §2): 448 × 448 pictures to 256 tokens a view. A class token travels
 * with the patches and is dropped at the end; both residuals have a learned scale.
 */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { attention } from '../../onnx/ops-attention.ts'
import { add, gelu, mul } from '../../onnx/ops-elementwise.ts'
import { conv } from '../../onnx/ops-image.ts'
import { concat, expand, reshape, slice, transpose } from '../../onnx/ops-layout.ts'
import { linear } from '../../onnx/ops-linear.ts'
import { layerNorm } from '../../onnx/ops-normalise.ts'
import type { InternConfig, InternDims } from './intern-dims.ts'
import { internVision } from './intern-folds.ts'
import type { InternFolds } from './intern-folds.ts'
import { internViewTokens } from './intern-layout.ts'
import type { Trace } from './trace.ts'
import type { WeightSource } from './weights.ts'

const epsilon = 1e-6
const projectorEpsilon = 1e-5
const projector = 'model.internvl_with_expert.und_expert.model.multi_modal_projector'

/**
 * @param images [views, 3, 448, 448], 0…1
 * @returns [views · 256, und_hidden]
 */
export function internTower(
  g: GraphBuilder,
  images: Value,
  config: InternConfig,
  folds: InternFolds,
  weights: WeightSource,
  trace: Trace,
): Value {
  const { dims } = config
  const { vit_hidden: hidden } = dims
  let x = embed(g.scope('embeddings'), images, dims, folds)
  const [views = 0, tokens = 0] = x.shape
  const firstView = (value: Value): Value => slice(g, value, 0, 0, tokens)
  x = reshape(g, x, [views * tokens, hidden])
  const start = x
  trace('vit.embeddings.view0', () => firstView(start))
  for (let index = 0; index < dims.vit_depth; index++) x = block(g, x, index, tokens, dims, weights)
  const last = x
  trace('vit.last_hidden.view0', () => firstView(last))
  const patches = slice(g, reshape(g, x, [views, tokens, hidden]), 1, 1, tokens)
  const merged = project(g.scope('projector'), patches, dims, weights)
  trace('vit.merged', () => merged)
  return merged
}

/** [views, 1 + patches, hidden], the class token first. */
function embed(
  g: GraphBuilder,
  images: Value,
  { vit_hidden: hidden, vit_patch: patch, vit_image: side }: InternDims,
  folds: InternFolds,
): Value {
  const across = side / patch
  const views = images.shape[0] ?? 0
  const kernel = g.floats('patches.folded', [hidden, 3, patch, patch], folds.patchWeight)
  const maps = conv(g, images, kernel, g.floats('patches.bias', [hidden], folds.patchBias), { stride: patch })
  const rows = reshape(g, transpose(g, maps, [0, 2, 3, 1]), [views, across * across, hidden])
  const placed = add(g, rows, g.floats('positions', [across * across, hidden], folds.positions))
  const token = expand(g, g.floats('class', [1, 1, hidden], folds.classRow), [views, 1, hidden])
  return concat(g, [token, placed], 1)
}

function block(
  graph: GraphBuilder,
  x: Value,
  index: number,
  tokens: number,
  { vit_hidden: hidden, vit_heads: heads, vit_inter: inter }: InternDims,
  weights: WeightSource,
): Value {
  const g = graph.scope(`layer.${index}`)
  const at = `${internVision}.encoder.layer.${index}`
  const vector = (name: string, size: number): Value => weights.get(`${at}.${name}`, [size])
  const norm = (name: string, value: Value): Value =>
    layerNorm(g.scope(name), value, vector(`${name}.weight`, hidden), vector(`${name}.bias`, hidden), epsilon)
  const matrix = (name: string, out: number, from: number): Value =>
    weights.get(`${at}.${name}.weight`, [out, from])
  const input = norm('layernorm_before', x)
  const headsOf = (name: 'q' | 'k' | 'v'): Value => {
    const path = `attention.${name}_proj`
    const bias = weights.has(`${at}.${path}.bias`) ? vector(`${path}.bias`, hidden) : null
    const rows = linear(g.scope(path), input, matrix(path, hidden, hidden), bias)
    return transpose(g, reshape(g, rows, [-1, tokens, heads, hidden / heads]), [0, 2, 1, 3])
  }
  const attended = attention(g, headsOf('q'), headsOf('k'), headsOf('v'), null)
  const rows = reshape(g, transpose(g, attended, [0, 2, 1, 3]), [-1, hidden])
  const out = 'attention.projection_layer'
  const seen = linear(g.scope(out), rows, matrix(out, hidden, hidden), vector(`${out}.bias`, hidden))
  const middle = add(g, x, mul(g, seen, vector('lambda_1', hidden)))
  const first = linear(
    g.scope('mlp.fc1'),
    norm('layernorm_after', middle),
    matrix('mlp.fc1', inter, hidden),
    vector('mlp.fc1.bias', inter),
  )
  const second = linear(
    g.scope('mlp.fc2'),
    gelu(g, first, 'none'),
    matrix('mlp.fc2', hidden, inter),
    vector('mlp.fc2.bias', hidden),
  )
  return add(g, middle, mul(g, second, vector('lambda_2', hidden)))
}

/** Four patches of a 2 × 2 block become one token, ordered row, column, channel. */
function project(g: GraphBuilder, patches: Value, dims: InternDims, weights: WeightSource): Value {
  const { vit_hidden: hidden, und_hidden: width } = dims
  const half = Math.sqrt(internViewTokens)
  const wide = 4 * hidden
  const cut = reshape(g, patches, [-1, half, 2, half, 2, hidden])
  const blocks = reshape(g, transpose(g, cut, [0, 1, 3, 2, 4, 5]), [-1, wide])
  const weight = (name: string, shape: readonly number[]): Value => weights.get(`${projector}.${name}`, shape)
  const normal = layerNorm(
    g,
    blocks,
    weight('layer_norm.weight', [wide]),
    weight('layer_norm.bias', [wide]),
    projectorEpsilon,
  )
  const first = linear(
    g.scope('linear_1'),
    normal,
    weight('linear_1.weight', [width, wide]),
    weight('linear_1.bias', [width]),
  )
  return linear(
    g.scope('linear_2'),
    gelu(g, first, 'none'),
    weight('linear_2.weight', [width, width]),
    weight('linear_2.bias', [width]),
  )
}
