/**
 * InternVLA-A1 as one ONNX graph, or as two: pictures, instruction rows, state and noise in, a chunk of normalised actions
 * out (spec §7.1). `mono` is everything; `perceive` ends with the keys that `act` begins with, for runtimes where keys can
 * stay on the device between sessions. Shapes are static; which views and text tokens are there comes as masks and angles.
 */
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { attentionMask } from '../../onnx/ops-attention.ts'
import type { RopeValues } from '../../onnx/ops-attention.ts'
import { concat, expand } from '../../onnx/ops-layout.ts'
import { Flow } from './flow.ts'
import type { TrunkFolds } from './folds.ts'
import type { Front } from './front.ts'
import { canForesee, foresightHead, generationExpert, middleAllow, middleEmbeds } from './generation.ts'
import { normOf, streamOf, sumOf, TextLayer } from './text-layer.ts'
import type { KeyValue } from './text-layer.ts'
import { noTrace, traceInto, traceKeys } from './trace.ts'
import type { Trace } from './trace.ts'
import { fullRoom, middleTokens, prefixTokens } from './sequence-room.ts'
import type { SequenceRoom } from './sequence-room.ts'
import { internVla } from './trunk.ts'
import type { Trunk } from './trunk.ts'
import type { WeightSource } from './weights.ts'

export interface PolicyGraphOptions {
  readonly part: 'mono' | 'perceive' | 'act'
  /** Publishes intermediates under the names of the reference data, predicted pictures among them. */
  readonly isTraced: boolean
  /** The generation expert's output as `gen_hidden` [middle, exp_hidden], for the decode session. */
  readonly hasForesight: boolean
  /** Keys of the state token computed once instead of in every step. */
  readonly isStateHoisted: boolean
  /** Views and instruction tokens that calls may bring; without it the official sequence's. */
  readonly room?: SequenceRoom
}

/** Operator set with Attention and RMSNormalization. */
export const internVlaOpset = 23
/** The keys of one layer between `perceive` and `act`. */
export const cacheNames = (layer: number): { readonly k: string; readonly v: string } => ({
  k: `cache.k.${layer}`,
  v: `cache.v.${layer}`,
})

/** What the first half knows: keys of prefix and middle a layer, and which of them count. */
interface Perceived {
  readonly cache: readonly KeyValue[]
  readonly mask: Value
}

export class PolicyGraph {
  private readonly graph: GraphBuilder
  private readonly trunk: Trunk
  private readonly front: Front
  private readonly folds: TrunkFolds
  private readonly weights: WeightSource
  private readonly options: PolicyGraphOptions
  private readonly trace: Trace
  private readonly room: SequenceRoom

  constructor(
    graph: GraphBuilder,
    trunk: Trunk,
    front: Front,
    folds: TrunkFolds,
    weights: WeightSource,
    options: PolicyGraphOptions,
  ) {
    this.graph = graph
    this.trunk = trunk
    this.front = front
    this.folds = folds
    this.weights = weights
    this.options = options
    this.room = options.room ?? fullRoom
    this.trace = options.isTraced ? traceInto(graph) : noTrace
  }

  /** Emits everything into the graph given. */
  emit(): void {
    const g = this.graph
    const prefixMask = g.input('prefix_mask', 'bool', [prefixTokens(this.trunk, this.room)])
    const middleMask = g.input('middle_mask', 'bool', [middleTokens(this.room)])
    const mask = concat(g, [prefixMask, middleMask], 0)
    const { part } = this.options
    const cache = part === 'act' ? this.cacheInputs() : this.perceive(prefixMask, middleMask)
    if (part === 'perceive') this.publish(cache)
    else this.act({ cache, mask })
  }

  private perceive(prefixMask: Value, middleMask: Value): readonly KeyValue[] {
    const g = this.graph
    const { dims, inputSide } = this.trunk
    const { views, textTokens } = this.room
    const prefixLength = prefixTokens(this.trunk, this.room)
    const images = g.input('images', 'float32', [views, internVla.frames, 3, inputSide, inputSide])
    const text = g.input('text_rows', 'float32', [textTokens, dims.und_hidden])
    const prefixRope = this.ropeInput('prefix', prefixLength)
    const middleRope = this.ropeInput('middle', middleTokens(this.room))
    const allow = g.scope('und_expert.allow')
    const seen = attentionMask(allow, expand(allow, prefixMask, [prefixLength, prefixLength]))
    const embeds = this.front(g, images, text, this.weights, this.trace)
    this.trace('prefix.embeds', () => embeds)
    const { isTraced, hasForesight } = this.options
    const { cache, hidden } = generationExpert(
      g,
      this.trunk,
      this.weights,
      {
        prefix: this.prefix(embeds, prefixRope, seen),
        embeds: middleEmbeds(g, images, this.trunk, this.folds, this.weights, this.trace),
        rope: middleRope,
        mask: middleAllow(g, prefixMask, middleMask),
      },
      isTraced || hasForesight,
      this.trace,
    )
    if (hidden !== null && hasForesight) g.output('gen_hidden', hidden)
    if (hidden !== null && hasForesight && isTraced && canForesee(this.trunk, this.weights))
      foresightHead(g, hidden, this.trunk, this.weights)
    return cache
  }

  private act(perceived: Perceived): void {
    const g = this.graph
    const { dims } = this.trunk
    const rope = this.ropeInput('suffix', dims.chunk + 1)
    const inputs = {
      state: g.input('state', 'float32', [1, dims.max_state_dim]),
      noise: g.input('noise', 'float32', [dims.chunk, dims.max_action_dim]),
      target: g.input('rtc_target', 'float32', [dims.chunk, dims.max_action_dim]),
      rowWeight: g.input('rtc_weight', 'float32', [dims.chunk, 1]),
      rope,
    }
    const flow = new Flow(g.scope('flow'), this.trunk, this.folds, this.weights, perceived, rope)
    g.output('actions', flow.run(inputs, this.options.isStateHoisted, this.trace))
  }

  private publish(cache: readonly KeyValue[]): void {
    cache.forEach(({ k, v }, layer) => {
      const names = cacheNames(layer)
      this.graph.output(names.k, k)
      this.graph.output(names.v, v)
    })
  }

  private cacheInputs(): readonly KeyValue[] {
    const { layers, kv_heads: heads, head_dim: width } = this.trunk.dims
    const shape = [1, heads, prefixTokens(this.trunk, this.room) + middleTokens(this.room), width]
    return Array.from({ length: layers }, (_, layer) => {
      const names = cacheNames(layer)
      return {
        k: this.graph.input(names.k, 'float32', shape),
        v: this.graph.input(names.v, 'float32', shape),
      }
    })
  }

  private ropeInput(name: string, tokens: number): RopeValues {
    const shape = [1, tokens, this.trunk.dims.head_dim / 2]
    return {
      cos: this.graph.input(`${name}_cos`, 'float32', shape),
      sin: this.graph.input(`${name}_sin`, 'float32', shape),
    }
  }

  /** Keys and values of every layer; the last layer needs nothing else, unless somebody watches and the checkpoint has the rest. */
  private prefix(embeds: Value, rope: RopeValues, mask: Value): KeyValue[] {
    const { dims, modules } = this.trunk
    const stack = { path: modules.und, hidden: dims.und_hidden, inter: dims.und_inter }
    const cache: KeyValue[] = []
    const unread = [`layers.${dims.layers - 1}.self_attn.o_proj.weight`, 'norm.weight']
    const isWatched =
      this.options.isTraced && unread.every((name) => this.weights.has(`${modules.und}.${name}`))
    let stream = streamOf(embeds)
    for (let index = 0; index < dims.layers; index++) {
      const layer = new TextLayer(this.graph.scope('und_expert'), this.weights, this.trunk, stack, index)
      const { x, normal: input } = layer.attentionInput(stream)
      const keys = layer.keyValue(input, rope)
      cache.push(keys)
      traceKeys(this.graph, this.trace, 'prefix', index, keys)
      if (index === dims.layers - 1 && !isWatched) return cache
      stream = layer.finish(x, input, rope, keys, mask)
      const output = stream
      this.trace(`prefix.layer.${index}.out`, () => sumOf(this.graph, output))
    }
    const last = stream
    this.trace('prefix.hidden', () => {
      const norm = this.weights.get(`${modules.und}.norm.weight`, [dims.und_hidden])
      return normOf(this.graph.scope('und_expert.norm'), last, norm, dims.rms_eps).normal
    })
    return cache
  }
}
