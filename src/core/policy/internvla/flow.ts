/**
 * The action expert's flow: from noise at t = 1 to a chunk of actions, in unrolled Euler steps (spec §1.8). The state
 * token sees no action, so its keys and values are the same in every step: they are computed once, unless the plain
 * form is asked for.
 */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { attentionMask } from '../../onnx/ops-attention.ts'
import type { RopeValues } from '../../onnx/ops-attention.ts'
import { add, mul, silu, sub } from '../../onnx/ops-elementwise.ts'
import { concat, expand, reshape, slice } from '../../onnx/ops-layout.ts'
import { linear } from '../../onnx/ops-linear.ts'
import { sizeAt } from '../../onnx/shape.ts'
import type { TrunkFolds } from './folds.ts'
import { eulerTimes } from './flow-time.ts'
import { guidanceStrength } from './rtc.ts'
import { joinKeys, normOf, streamOf, TextLayer } from './text-layer.ts'
import type { KeyValue, Stream } from './text-layer.ts'
import type { Trace } from './trace.ts'
import type { Trunk } from './trunk.ts'
import type { WeightSource } from './weights.ts'

export interface FlowInputs {
  /** [1, max_state_dim], normalised. */
  readonly state: Value
  /** [chunk, max_action_dim] */
  readonly noise: Value
  /** Real-time chunking: what is left of the present chunk, and how much each row counts [chunk, 1]. */
  readonly target: Value
  readonly rowWeight: Value
  /** Angles of state and actions, in this order. */
  readonly rope: RopeValues
}

/** Everything that state and actions may attend to. */
export interface FlowContext {
  /** Keys of prefix and middle, one entry a layer. */
  readonly cache: readonly KeyValue[]
  /** bool [prefix + middle] */
  readonly mask: Value
}

interface StepResult {
  /** The actions' rows, normalised. */
  readonly actions: Value
  /** State and actions, for whoever watches. */
  readonly hidden: () => Value
  readonly embeds: () => Value
}

export class Flow {
  private readonly graph: GraphBuilder
  private readonly config: Trunk
  private readonly folds: TrunkFolds
  private readonly weights: WeightSource
  private readonly context: FlowContext
  private readonly rope: RopeValues

  constructor(
    graph: GraphBuilder,
    config: Trunk,
    folds: TrunkFolds,
    weights: WeightSource,
    context: FlowContext,
    rope: RopeValues,
  ) {
    this.graph = graph
    this.config = config
    this.folds = folds
    this.weights = weights
    this.context = context
    this.rope = rope
  }

  /** The denoised chunk [chunk, max_action_dim], normalised. */
  run(inputs: FlowInputs, isStateHoisted: boolean, trace: Trace): Value {
    const state = this.stateToken(inputs.state)
    const step = isStateHoisted ? this.hoisted(state) : this.plain(state)
    const times = eulerTimes(this.config.dims.num_steps)
    const dt = Math.fround(-1 / times.length)
    const record: { x: Value[]; v: Value[]; hidden: (() => Value)[]; embeds: (() => Value)[] } = {
      x: [],
      v: [],
      hidden: [],
      embeds: [],
    }
    let x = inputs.noise
    times.forEach((t, index) => {
      const g = this.graph.scope(`step${index}`)
      const { actions, hidden, embeds } = step(g, this.actionTokens(g, x, index))
      const { max_action_dim: width, exp_hidden: from } = this.config.dims
      const out = this.weights.get('model.action_out_proj.weight', [width, from])
      const v = linear(
        g.scope('action_out_proj'),
        actions,
        out,
        this.weights.get('model.action_out_proj.bias', [width]),
      )
      record.x.push(x)
      record.v.push(v)
      record.hidden.push(hidden)
      record.embeds.push(embeds)
      const guided = guide(g.scope('rtc'), x, v, t, inputs)
      x = add(g, x, mul(g, guided, g.scalar(dt)))
    })
    const g = this.graph.scope('trace')
    const stacked = (values: readonly Value[]): Value =>
      concat(
        g,
        values.map((value) => reshape(g, value, [1, ...value.shape])),
        0,
      )
    trace('steps.x', () => stacked(record.x))
    trace('steps.v', () => stacked(record.v))
    trace('steps.hidden', () => stacked(record.hidden.map((rows) => rows())))
    trace('steps.suffix_embeds', () => stacked(record.embeds.map((rows) => rows())))
    return x
  }

  private stateToken(state: Value): Value {
    const { exp_hidden: hidden, max_state_dim: width } = this.config.dims
    const weight = this.weights.get('model.state_proj.weight', [hidden, width])
    return linear(
      this.graph.scope('state_proj'),
      state,
      weight,
      this.weights.get('model.state_proj.bias', [hidden]),
    )
  }

  private actionTokens(graph: GraphBuilder, x: Value, step: number): Value {
    const { exp_hidden: hidden, max_action_dim: width } = this.config.dims
    const g = graph.scope('action_time_mlp')
    const row = this.folds.actionBias.subarray(step * hidden, (step + 1) * hidden)
    const folded = this.actionWeight(width, hidden)
    const inner = silu(g, linear(g, x, folded, g.floats('time_row', [hidden], row)))
    const weight = this.weights.get('model.action_time_mlp_out.weight', [hidden, hidden])
    return linear(g.scope('out'), inner, weight, this.weights.get('model.action_time_mlp_out.bias', [hidden]))
  }

  private foldedAction: Value | null = null

  private actionWeight(width: number, hidden: number): Value {
    this.foldedAction ??= this.graph.floats('action_in.folded', [hidden, width], this.folds.actionWeight)
    return this.foldedAction
  }

  private layers(g: GraphBuilder): TextLayer[] {
    const { dims, modules } = this.config
    const stack = { path: modules.act, hidden: dims.exp_hidden, inter: dims.exp_inter }
    return this.context.cache.map((_, index) => new TextLayer(g, this.weights, this.config, stack, index))
  }

  private finalNorm(g: GraphBuilder, stream: Stream): Value {
    const { exp_hidden: hidden, rms_eps: epsilon } = this.config.dims
    const weight = this.weights.get(`${this.config.modules.act}.norm.weight`, [hidden])
    return normOf(g.scope('norm'), stream, weight, epsilon).normal
  }

  /** State and actions together, as the official code runs them. */
  private plain(state: Value): (g: GraphBuilder, actions: Value) => StepResult {
    const { chunk } = this.config.dims
    const g = this.graph
    const stateSeesNoAction = g.tensor(
      'suffix.allow',
      'bool',
      [chunk + 1, chunk + 1],
      Uint8Array.from({ length: (chunk + 1) ** 2 }, (_, at) => (at <= chunk && at > 0 ? 0 : 1)),
    )
    const before = sizeAt(this.context.mask.shape, 0)
    const wide = expand(g, this.context.mask, [chunk + 1, before])
    const mask = attentionMask(g, concat(g, [wide, stateSeesNoAction], 1))
    return (graph, actions) => {
      const embeds = concat(graph, [state, actions], 0)
      const hidden = this.through(graph, embeds, this.rope, this.context.cache, mask)
      const rows = this.finalNorm(graph, hidden.x)
      return { actions: slice(graph, rows, 0, 1, chunk + 1), hidden: () => rows, embeds: () => embeds }
    }
  }

  /** The state once, its keys kept; then the actions alone. */
  private hoisted(state: Value): (g: GraphBuilder, actions: Value) => StepResult {
    const { chunk } = this.config.dims
    const g = this.graph.scope('state')
    const part = (from: number, to: number): RopeValues => ({
      cos: slice(g, this.rope.cos, 1, from, to),
      sin: slice(g, this.rope.sin, 1, from, to),
    })
    /** Everything cached, and `own` keys more, for every one of `rows` queries. */
    const seen = (rows: number, own: number): Value => {
      const ownMask = g.tensor(`allow.${own}`, 'bool', [own], new Uint8Array(own).fill(1))
      const keys = concat(g, [this.context.mask, ownMask], 0)
      return attentionMask(g, expand(g, keys, [rows, sizeAt(keys.shape, 0)]))
    }
    const own = this.through(g, state, part(0, 1), this.context.cache, seen(1, 1))
    const cache = this.context.cache.map((keys, index) =>
      joinKeys(g.scope(`cache.${index}`), [keys, own.keys[index] ?? keys]),
    )
    const actionRope = part(1, chunk + 1)
    const mask = seen(chunk, chunk + 1)
    const stateHidden = this.finalNorm(g, own.x)
    return (graph, actions) => {
      const result = this.through(graph, actions, actionRope, cache, mask)
      const rows = this.finalNorm(graph, result.x)
      return {
        actions: rows,
        hidden: () => concat(graph, [stateHidden, rows], 0),
        embeds: () => concat(graph, [state, actions], 0),
      }
    }
  }

  private through(
    graph: GraphBuilder,
    start: Value,
    rope: RopeValues,
    cache: readonly KeyValue[],
    mask: Value,
  ): { x: Stream; keys: KeyValue[] } {
    const keys: KeyValue[] = []
    let stream = streamOf(start)
    this.layers(graph.scope('act_expert')).forEach((layer, index) => {
      const { x, normal: input } = layer.attentionInput(stream)
      const own = layer.keyValue(input, rope)
      const before = cache[index]
      if (before === undefined) throw new Error(`no keys for layer ${index}`)
      keys.push(own)
      stream = layer.finish(x, input, rope, joinKeys(graph.scope(`cache.${index}`), [before, own]), mask)
    })
    return { x: stream, keys }
  }
}

/** v − w·(Y − (x − t·v))·W: with all row weights 0 exactly v (spec §6.2). */
function guide(g: GraphBuilder, x: Value, v: Value, t: number, { target, rowWeight }: FlowInputs): Value {
  const expected = sub(g, x, mul(g, v, g.scalar(t)))
  const error = mul(g, sub(g, target, expected), rowWeight)
  return sub(g, v, mul(g, error, g.scalar(guidanceStrength(t))))
}
