/**
 * One layer of the three text stacks (understanding, generation, action), which share their form: RMS norms, grouped
 * attention with rotated queries and keys, gated feed-forward (spec §1.5, §2). Activations are [tokens, hidden].
 */
import type { BlockWeight } from '../../onnx/block-weights.ts'
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { attention, rotate } from '../../onnx/ops-attention.ts'
import type { RopeValues } from '../../onnx/ops-attention.ts'
import { add, mul, silu } from '../../onnx/ops-elementwise.ts'
import { concat, reshape, transpose } from '../../onnx/ops-layout.ts'
import { linear } from '../../onnx/ops-linear.ts'
import { addThenRmsNorm, rmsNorm } from '../../onnx/ops-normalise.ts'
import { sizeAt } from '../../onnx/shape.ts'
import type { Trunk } from './trunk.ts'
import type { WeightSource } from './weights.ts'

export interface TextStack {
  /** Module path of the stack; layers are `<path>.layers.N`. */
  readonly path: string
  readonly hidden: number
  readonly inter: number
}

/** Keys and values [1, kv heads, tokens, width] of one layer, rotated. */
export interface KeyValue {
  readonly k: Value
  readonly v: Value
}

/** Activations between layers. What the last layer added is still apart: adding and the next norm may be one operator. */
export interface Stream {
  readonly x: Value
  readonly change: Value | null
}

export const streamOf = (x: Value): Stream => ({ x, change: null })

export const sumOf = (g: GraphBuilder, { x, change }: Stream): Value =>
  change === null ? x : add(g, x, change)

/** RMS norm of a stream, and the stream in one piece. */
export function normOf(
  g: GraphBuilder,
  { x, change }: Stream,
  weight: Value,
  epsilon: number,
): { readonly x: Value; readonly normal: Value } {
  if (change === null) return { x, normal: rmsNorm(g, x, weight, epsilon) }
  const { sum, normal } = addThenRmsNorm(g, x, change, weight, epsilon)
  return { x: sum, normal }
}

export const joinKeys = (g: GraphBuilder, parts: readonly KeyValue[]): KeyValue => ({
  k: concat(
    g,
    parts.map(({ k }) => k),
    2,
  ),
  v: concat(
    g,
    parts.map(({ v }) => v),
    2,
  ),
})

export class TextLayer {
  private readonly graph: GraphBuilder
  private readonly weights: WeightSource
  private readonly trunk: Trunk
  private readonly stack: TextStack
  private readonly path: string

  constructor(graph: GraphBuilder, weights: WeightSource, trunk: Trunk, stack: TextStack, index: number) {
    this.path = `${stack.path}.layers.${index}`
    this.graph = graph.scope(`layers.${index}`)
    this.weights = weights
    this.trunk = trunk
    this.stack = stack
  }

  /** The stream in one piece, and what attention reads: the same normalised. */
  attentionInput(stream: Stream): { readonly x: Value; readonly normal: Value } {
    const weight = this.weights.get(`${this.path}.input_layernorm.weight`, [this.stack.hidden])
    return normOf(this.graph.scope('input_layernorm'), stream, weight, this.trunk.dims.rms_eps)
  }

  keyValue(input: Value, rope: RopeValues): KeyValue {
    const g = this.graph.scope('self_attn')
    const { kv_heads: heads } = this.trunk.dims
    return {
      k: rotate(g.scope('k_rope'), this.headsOf(g, input, 'k', heads), rope),
      v: this.headsOf(g, input, 'v', heads),
    }
  }

  /** The layer's output. @param keys everything that may be attended to, own keys included */
  finish(x: Value, input: Value, rope: RopeValues, keys: KeyValue, mask: Value | null): Stream {
    const g = this.graph.scope('self_attn')
    const { heads, head_dim: width } = this.trunk.dims
    const q = rotate(g.scope('q_rope'), this.headsOf(g, input, 'q', heads), rope)
    const attended = attention(g, q, keys.k, keys.v, mask)
    const rows = reshape(g, transpose(g, attended, [0, 2, 1, 3]), [-1, heads * width])
    const output = linear(g.scope('o_proj'), rows, this.projection('o', this.stack.hidden, heads * width))
    const norm = this.weights.get(`${this.path}.post_attention_layernorm.weight`, [this.stack.hidden])
    const scope = this.graph.scope('post_attention_layernorm')
    const middle = normOf(scope, { x, change: output }, norm, this.trunk.dims.rms_eps)
    return { x: middle.x, change: this.feedForward(middle.normal) }
  }

  private feedForward(input: Value): Value {
    const { hidden, inter } = this.stack
    const g = this.graph.scope('mlp')
    const weight = (name: string, out: number, from: number): Value | BlockWeight =>
      this.weights.matrix(`${this.path}.mlp.${name}_proj.weight`, [out, from])
    const gate = silu(g, linear(g.scope('gate_proj'), input, weight('gate', inter, hidden)))
    const up = linear(g.scope('up_proj'), input, weight('up', inter, hidden))
    return linear(g.scope('down_proj'), mul(g, gate, up), weight('down', hidden, inter))
  }

  private projection(name: 'q' | 'k' | 'v' | 'o', out: number, from: number): Value | BlockWeight {
    return this.weights.matrix(`${this.path}.self_attn.${name}_proj.weight`, [out, from])
  }

  /** [1, heads, tokens, width] */
  private headsOf(g: GraphBuilder, input: Value, name: 'q' | 'k' | 'v', heads: number): Value {
    const { head_dim: width, rms_eps: epsilon } = this.trunk.dims
    const at = `${this.path}.self_attn.${name}`
    const bias = this.trunk.hasQkvBias ? this.weights.get(`${at}_proj.bias`, [heads * width]) : null
    const matrix = this.projection(name, heads * width, this.stack.hidden)
    const rows = linear(g.scope(`${name}_proj`), input, matrix, bias)
    const split = reshape(g, rows, [1, sizeAt(rows.shape, 0), heads, width])
    const isNormed = this.trunk.hasQkNorm && name !== 'v'
    const normed = isNormed
      ? rmsNorm(g.scope(`${name}_norm`), split, this.weights.get(`${at}_norm.weight`, [width]), epsilon)
      : split
    return transpose(g, normed, [0, 2, 1, 3])
  }
}
