/**
 * The generation expert: latents of both frames become tokens that attend to the prefix; their keys join the cache, and
 * their output is the prediction that `foresightHead` turns into pictures (spec §1.7, §1.10).
 */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { attentionMask } from '../../onnx/ops-attention.ts'
import type { RopeValues } from '../../onnx/ops-attention.ts'
import { add, and } from '../../onnx/ops-elementwise.ts'
import { conv } from '../../onnx/ops-image.ts'
import { concat, expand, reshape, transpose } from '../../onnx/ops-layout.ts'
import { linear, matMul } from '../../onnx/ops-linear.ts'
import { layerNorm } from '../../onnx/ops-normalise.ts'
import { reduceMean } from '../../onnx/ops-reduce.ts'
import { sizeAt } from '../../onnx/shape.ts'
import { cosmosDecoder, cosmosEncoder } from './cosmos.ts'
import type { TrunkFolds } from './folds.ts'
import { joinKeys, normOf, streamOf, sumOf, TextLayer } from './text-layer.ts'
import type { KeyValue } from './text-layer.ts'
import { traceKeys } from './trace.ts'
import type { Trace } from './trace.ts'
import { internVla } from './trunk.ts'
import type { Trunk } from './trunk.ts'
import type { WeightSource } from './weights.ts'

export interface GenerationInputs {
  /** Rows of the expert, from `middleEmbeds`. */
  readonly embeds: Value
  /** Keys of the prefix, one entry a layer. */
  readonly prefix: readonly KeyValue[]
  readonly rope: RopeValues
  /** [middle, prefix + middle], from `attentionMask`. */
  readonly mask: Value
}

/** Keys of prefix and middle together, one entry a layer; and the normalised output where it is needed. */
export interface Generation {
  readonly cache: readonly KeyValue[]
  readonly hidden: Value | null
}

export function generationExpert(
  graph: GraphBuilder,
  trunk: Trunk,
  weights: WeightSource,
  { embeds, prefix, rope, mask }: GenerationInputs,
  needsHidden: boolean,
  trace: Trace,
): Generation {
  const { dims, modules } = trunk
  const stack = { path: modules.gen, hidden: dims.exp_hidden, inter: dims.exp_inter }
  const g = graph.scope('gen_expert')
  const cache: KeyValue[] = []
  let stream = streamOf(embeds)
  for (const [index, before] of prefix.entries()) {
    const layer = new TextLayer(g, weights, trunk, stack, index)
    const { x, normal: input } = layer.attentionInput(stream)
    const own = layer.keyValue(input, rope)
    traceKeys(graph, trace, 'middle', index, own)
    const keys = joinKeys(g.scope(`cache.${index}`), [before, own])
    cache.push(keys)
    if (index === dims.layers - 1 && !needsHidden) return { cache, hidden: null }
    stream = layer.finish(x, input, rope, keys, mask)
    const output = stream
    trace(`middle.layer.${index}.out`, () => sumOf(g, output))
  }
  const norm = weights.get(`${stack.path}.norm.weight`, [dims.exp_hidden])
  const hidden = normOf(g.scope('norm'), stream, norm, dims.rms_eps).normal
  trace('middle.hidden', () => hidden)
  return { cache, hidden }
}

/**
 * Who attends to whom [middle, prefix + middle]. Tokens of a missing view see the prefix but no middle token, not even their own: nobody
 * reads them, and so the predicted picture of a missing view is the official one too.
 */
export function middleAllow(graph: GraphBuilder, prefixMask: Value, middleMask: Value): Value {
  const g = graph.scope('gen_expert.allow')
  const length = sizeAt(middleMask.shape, 0)
  const seen = expand(g, prefixMask, [length, sizeAt(prefixMask.shape, 0)])
  const rows = reshape(g, middleMask, [length, 1])
  const columns = reshape(g, middleMask, [1, length])
  return attentionMask(g, concat(g, [seen, and(g, rows, columns)], 1))
}

/** @param images [views, frames, 3, side, side], 0…1. @returns [middle, exp_hidden], order view, frame, row, column */
export function middleEmbeds(
  graph: GraphBuilder,
  images: Value,
  trunk: Trunk,
  folds: TrunkFolds,
  weights: WeightSource,
  trace: Trace,
): Value {
  const g = graph.scope('cosmos')
  const { dims } = trunk
  const pictures = reshape(g, images, [-1, ...images.shape.slice(2)])
  const latents = cosmosEncoder(g, pictures, trunk, weights)
  trace('cosmos.latents', () => reshape(g, latents, [-1, internVla.frames, ...latents.shape.slice(1)]))
  const size = internVla.latentPerToken
  const shape = [dims.exp_hidden, dims.cosmos_latent, size, size]
  const weight = g.floats('downsample.folded', shape, folds.middleWeight)
  const bias = g.floats('downsample.bias', [dims.exp_hidden], folds.middleBias)
  const tokens = conv(g.scope('downsample'), latents, weight, bias, { stride: size })
  const rows = reshape(g, transpose(g, tokens, [0, 2, 3, 1]), [-1, dims.exp_hidden])
  trace('middle.embeds', () => rows)
  return rows
}

/** Whether the checkpoint holds what `foresightHead` takes: the policy acts without it. */
export const canForesee = ({ modules }: Trunk, weights: WeightSource): boolean =>
  [
    'model.upsample_conv.weight',
    `${modules.latentNorm}.weight`,
    `${modules.latentOut}.weight`,
    `${modules.cosmosDecoder}.post_quant_conv.weight`,
  ].every((name) => weights.has(name))

/**
 * Predicted latents and pictures, published as `foresight.latents` [views, latent, 32, 32] and `foresight.images`
 * [views, 3, 256, 256], nominally −1…1.
 * @param hidden the generation expert's output [middle, exp_hidden]
 */
export function foresightHead(graph: GraphBuilder, hidden: Value, trunk: Trunk, weights: WeightSource): void {
  const g = graph.scope('foresight')
  const { dims, modules } = trunk
  const { exp_hidden: width, cosmos_latent: latent } = dims
  const size = internVla.latentPerToken
  const side = Math.sqrt(internVla.frameTokens)
  const perFrame = reshape(g, hidden, [-1, internVla.frames, side * side, width])
  const mean = reshape(g, reduceMean(g, perFrame, 1), [-1, width])
  // Stride equals kernel, so the transposed convolution is a matrix product and a rearrangement.
  const kernel = weights.get(
    'model.upsample_conv.weight',
    [width, width, size, size],
    [width, width * size * size],
  )
  const rows = matMul(g.scope('upsample'), mean, kernel)
  const blocks = reshape(g, rows, [-1, side, side, width, size, size])
  const pixels = reshape(g, transpose(g, blocks, [0, 1, 4, 2, 5, 3]), [-1, width])
  const biased = add(g, pixels, weights.get('model.upsample_conv.bias', [width]))
  const norm = layerNorm(
    g.scope('norm'),
    biased,
    weights.get(`${modules.latentNorm}.weight`, [width]),
    weights.get(`${modules.latentNorm}.bias`, [width]),
    1e-5,
  )
  const out = weights.get(`${modules.latentOut}.weight`, [latent, width])
  const bias = weights.get(`${modules.latentOut}.bias`, [latent])
  const projected = linear(g.scope('out_proj'), norm, out, bias)
  const wide = side * size
  const latents = transpose(g, reshape(g, projected, [-1, wide, wide, latent]), [0, 3, 1, 2])
  graph.output('foresight.latents', latents)
  graph.output('foresight.images', cosmosDecoder(g.scope('decoder'), latents, trunk, weights))
}
