/**
 * InternVLA-A1-3B as one ONNX graph: pictures, instruction rows, state and noise in, a chunk of normalised actions out
 * (spec §7.1, the `mono` build). Shapes are static; which views and text tokens are there comes as masks and angles.
 */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import type { RopeValues } from '../../onnx/ops-attention.ts'
import { add, and } from '../../onnx/ops-elementwise.ts'
import { conv } from '../../onnx/ops-image.ts'
import { concat, expand, reshape, slice, transpose } from '../../onnx/ops-layout.ts'
import { linear, matMul } from '../../onnx/ops-linear.ts'
import { layerNorm, rmsNorm } from '../../onnx/ops-normalise.ts'
import { reduceMean } from '../../onnx/ops-reduce.ts'
import { cosmosDecoder, cosmosEncoder } from './cosmos.ts'
import { internVla } from './dims.ts'
import type { InternVlaConfig } from './dims.ts'
import { Flow } from './flow.ts'
import type { Folds } from './folds.ts'
import { joinKeys, TextLayer } from './text-layer.ts'
import type { KeyValue } from './text-layer.ts'
import { middleLength, prefixLength } from './token-layout.ts'
import { noTrace, traceInto } from './trace.ts'
import type { Trace } from './trace.ts'
import { visionTower } from './vision-tower.ts'
import type { WeightSource } from './weights.ts'

export interface InternVlaGraphOptions {
  /** Publishes intermediates under the names of the reference data. */
  readonly isTraced: boolean
  /** Predicted pictures `foresight.images` [3, 3, 256, 256] as a second output. */
  readonly hasForesight: boolean
  /** Keys of the state token computed once instead of in every step. */
  readonly isStateHoisted: boolean
}

const expert = 'model.qwen3_vl_with_expert'
/** Operator set with Attention and RMSNormalization. */
export const internVlaOpset = 23

export class InternVlaGraph {
  private readonly graph: GraphBuilder
  private readonly config: InternVlaConfig
  private readonly folds: Folds
  private readonly weights: WeightSource
  private readonly options: InternVlaGraphOptions
  private readonly trace: Trace

  constructor(
    graph: GraphBuilder,
    config: InternVlaConfig,
    folds: Folds,
    weights: WeightSource,
    options: InternVlaGraphOptions,
  ) {
    this.graph = graph
    this.config = config
    this.folds = folds
    this.weights = weights
    this.options = options
    this.trace = options.isTraced ? traceInto(graph) : noTrace
  }

  /** Emits everything into the graph given. */
  emit(): void {
    const g = this.graph
    const { dims } = this.config
    const side = internVla.inputSide
    const images = g.input('images', 'float32', [internVla.views, internVla.frames, 3, side, side])
    const text = g.input('text_rows', 'float32', [internVla.textTokens, dims.und_hidden])
    const prefixMask = g.input('prefix_mask', 'bool', [prefixLength])
    const middleMask = g.input('middle_mask', 'bool', [middleLength])
    const prefixRope = this.ropeInput('prefix', prefixLength)
    const middleRope = this.ropeInput('middle', middleLength)
    const suffixRope = this.ropeInput('suffix', dims.chunk + 1)
    const state = g.input('state', 'float32', [1, dims.max_state_dim])
    const noise = g.input('noise', 'float32', [dims.chunk, dims.max_action_dim])
    const target = g.input('rtc_target', 'float32', [dims.chunk, dims.max_action_dim])
    const rowWeight = g.input('rtc_weight', 'float32', [dims.chunk, 1])

    const seen = expand(g.scope('und_expert.allow'), prefixMask, [prefixLength, prefixLength])
    const prefix = this.prefix(this.prefixEmbeds(images, text), prefixRope, seen)
    const mask = concat(g, [prefixMask, middleMask], 0)
    const middle = this.middle(images, prefix, middleRope, this.middleAllow(prefixMask, middleMask))
    const flow = new Flow(
      g.scope('flow'),
      this.config,
      this.folds,
      this.weights,
      { cache: middle.cache, mask },
      suffixRope,
    )
    const inputs = { state, noise, target, rowWeight, rope: suffixRope }
    g.output('actions', flow.run(inputs, this.options.isStateHoisted, this.trace))
    if (middle.hidden !== null) this.foresight(middle.hidden)
  }

  private ropeInput(name: string, tokens: number): RopeValues {
    const shape = [1, tokens, this.config.dims.head_dim / 2]
    return {
      cos: this.graph.input(`${name}_cos`, 'float32', shape),
      sin: this.graph.input(`${name}_sin`, 'float32', shape),
    }
  }

  /** [prefix, und_hidden]: marks and picture tokens of each view, then the instruction. */
  private prefixEmbeds(images: Value, text: Value): Value {
    const g = this.graph.scope('prefix')
    const { dims, hasRoundedFrequencies } = this.config
    const present = reshape(g, slice(g, images, 1, 1, 2), [
      internVla.views,
      3,
      internVla.inputSide,
      internVla.inputSide,
    ])
    const merged = visionTower(
      this.graph.scope('visual'),
      present,
      dims,
      this.folds,
      this.weights,
      hasRoundedFrequencies,
      this.trace,
    )
    const start = g.floats(
      'vision_start',
      [1, dims.und_hidden],
      this.folds.viewMarks.subarray(0, dims.und_hidden),
    )
    const end = g.floats('vision_end', [1, dims.und_hidden], this.folds.viewMarks.subarray(dims.und_hidden))
    const perView = (merged.shape[0] ?? 0) / internVla.views
    const views = Array.from({ length: internVla.views }, (_, view) => [
      start,
      slice(g, merged, 0, view * perView, (view + 1) * perView),
      end,
    ])
    const embeds = concat(g, [...views.flat(), text], 0)
    this.trace('prefix.embeds', () => embeds)
    return embeds
  }

  /** Keys and values of every layer; the last layer needs nothing else. */
  private prefix(embeds: Value, rope: RopeValues, mask: Value): KeyValue[] {
    const { dims } = this.config
    const stack = {
      path: `${expert}.und_expert.model.language_model`,
      hidden: dims.und_hidden,
      inter: dims.und_inter,
    }
    const cache: KeyValue[] = []
    let x = embeds
    for (let index = 0; index < dims.layers; index++) {
      const layer = new TextLayer(this.graph.scope('und_expert'), this.weights, dims, stack, index)
      const input = layer.attentionInput(x)
      const keys = layer.keyValue(input, rope)
      cache.push(keys)
      this.traceKeys('prefix', index, keys)
      if (index === dims.layers - 1) break
      x = layer.finish(x, input, rope, keys, mask)
      const output = x
      this.trace(`prefix.layer.${index}.out`, () => output)
    }
    return cache
  }

  /** The generation expert over the latents of both frames: its keys join the cache; its output is the prediction. */
  private middle(
    images: Value,
    prefix: readonly KeyValue[],
    rope: RopeValues,
    mask: Value,
  ): { cache: KeyValue[]; hidden: Value | null } {
    const { dims } = this.config
    const stack = { path: `${expert}.gen_expert`, hidden: dims.exp_hidden, inter: dims.exp_inter }
    const needsHidden = this.options.hasForesight || this.options.isTraced
    const cache: KeyValue[] = []
    let x = this.middleEmbeds(images)
    for (const [index, before] of prefix.entries()) {
      const g = this.graph.scope('gen_expert')
      const layer = new TextLayer(g, this.weights, dims, stack, index)
      const input = layer.attentionInput(x)
      const own = layer.keyValue(input, rope)
      this.traceKeys('middle', index, own)
      const keys = joinKeys(g.scope(`cache.${index}`), [before, own])
      cache.push(keys)
      if (index === dims.layers - 1 && !needsHidden) return { cache, hidden: null }
      x = layer.finish(x, input, rope, keys, mask)
      const output = x
      this.trace(`middle.layer.${index}.out`, () => output)
    }
    const norm = this.weights.get(`${stack.path}.norm.weight`, [dims.exp_hidden])
    const hidden = rmsNorm(this.graph.scope('gen_expert.norm'), x, norm, dims.rms_eps)
    this.trace('middle.hidden', () => hidden)
    return { cache, hidden }
  }

  /**
   * bool [middle, prefix + middle]. Tokens of a missing view see the prefix but no middle token, not even their own: nobody
   * reads them, and so the predicted picture of a missing view is the official one too.
   */
  private middleAllow(prefixMask: Value, middleMask: Value): Value {
    const g = this.graph.scope('gen_expert.allow')
    const seen = expand(g, prefixMask, [middleLength, prefixLength])
    const rows = reshape(g, middleMask, [middleLength, 1])
    const columns = reshape(g, middleMask, [1, middleLength])
    return concat(g, [seen, and(g, rows, columns)], 1)
  }

  /** [middle, exp_hidden], order view, frame, row, column. */
  private middleEmbeds(images: Value): Value {
    const g = this.graph.scope('cosmos')
    const { dims } = this.config
    const frames = internVla.views * internVla.frames
    const pictures = reshape(g, images, [frames, 3, internVla.inputSide, internVla.inputSide])
    const latents = cosmosEncoder(g, pictures, dims, this.weights)
    this.trace('cosmos.latents', () =>
      reshape(g, latents, [internVla.views, internVla.frames, ...latents.shape.slice(1)]),
    )
    const size = internVla.latentPerToken
    const weight = g.floats(
      'downsample.folded',
      [dims.exp_hidden, dims.cosmos_latent, size, size],
      this.folds.middleWeight,
    )
    const bias = g.floats('downsample.bias', [dims.exp_hidden], this.folds.middleBias)
    const tokens = conv(g.scope('downsample'), latents, weight, bias, { stride: size })
    const rows = reshape(g, transpose(g, tokens, [0, 2, 3, 1]), [-1, dims.exp_hidden])
    this.trace('middle.embeds', () => rows)
    return rows
  }

  /** Predicted latents and pictures from the generation expert's output (spec §1.10). */
  private foresight(hidden: Value): void {
    const g = this.graph.scope('foresight')
    const { exp_hidden: width, cosmos_latent: latent } = this.config.dims
    const size = internVla.latentPerToken
    const side = Math.sqrt(middleLength / internVla.views / internVla.frames)
    const perFrame = reshape(g, hidden, [internVla.views, internVla.frames, side * side, width])
    const mean = reshape(g, reduceMean(g, perFrame, 1), [internVla.views * side * side, width])
    // Stride equals kernel, so the transposed convolution is a matrix product and a rearrangement.
    const kernel = this.weights.get(
      'model.upsample_conv.weight',
      [width, width, size, size],
      [width, width * size * size],
    )
    const rows = matMul(g.scope('upsample'), mean, kernel)
    const blocks = reshape(g, rows, [internVla.views, side, side, width, size, size])
    const pixels = reshape(g, transpose(g, blocks, [0, 1, 4, 2, 5, 3]), [-1, width])
    const biased = add(g, pixels, this.weights.get('model.upsample_conv.bias', [width]))
    const norm = layerNorm(
      g.scope('norm'),
      biased,
      this.weights.get('model.cosmos_out_layer_norm.weight', [width]),
      this.weights.get('model.cosmos_out_layer_norm.bias', [width]),
      1e-5,
    )
    const out = this.weights.get('model.cosmos_out_proj.weight', [latent, width])
    const projected = linear(
      g.scope('out_proj'),
      norm,
      out,
      this.weights.get('model.cosmos_out_proj.bias', [latent]),
    )
    const wide = side * size
    const latents = transpose(g, reshape(g, projected, [internVla.views, wide, wide, latent]), [0, 3, 1, 2])
    this.graph.output('foresight.latents', latents)
    if (this.options.hasForesight) {
      this.graph.output(
        'foresight.images',
        cosmosDecoder(g.scope('decoder'), latents, this.config.dims, this.weights),
      )
    }
  }

  private traceKeys(name: string, index: number, { k, v }: KeyValue): void {
    const g = this.graph.scope('trace')
    this.trace(`${name}.k.${index}`, () => reshape(g, k, k.shape.slice(1)))
    this.trace(`${name}.v.${index}`, () => reshape(g, v, v.shape.slice(1)))
  }
}
