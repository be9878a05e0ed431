/** From a model and its checkpoint's index to the bytes of an `.onnx` file with its folds beside it. */
import type { CheckpointIndex } from '../../onnx/checkpoint-index.ts'
import { GraphBuilder } from '../../onnx/graph-builder.ts'
import type { Dialect, Value } from '../../onnx/graph-builder.ts'
import { ok } from '../../result.ts'
import type { Result } from '../../result.ts'
import { foresightHead } from './generation.ts'
import type { InternVlaModel, ModelFolds } from './internvla-model.ts'
import { internVlaOpset, PolicyGraph } from './policy-graph.ts'
import { fullRoom, middleTokens } from './sequence-room.ts'
import type { SequenceRoom } from './sequence-room.ts'
import { CheckpointWeights } from './weights.ts'
import type { TensorForm } from './weights.ts'

export const modelParts = ['mono', 'perceive', 'act', 'foresight'] as const
export type ModelPart = (typeof modelParts)[number]

export interface EmitOptions {
  /** `foresight` takes `hidden` [middle, exp_hidden] and gives `foresight.latents` and `foresight.images`; the rest as `PolicyGraph`. */
  readonly part: ModelPart
  readonly isTraced?: boolean
  readonly hasForesight?: boolean
  readonly isStateHoisted?: boolean
  /** The official sequence's unless said. */
  readonly room?: SequenceRoom
  /** Operators to use; `standard` unless said. */
  readonly dialect?: Dialect
  /** Path of a checkpoint's file as the model shall refer to it, relative to the folder that the session is given. */
  readonly locate?: (file: string) => string
  /** Tensors that an import has in another form, by stored name. */
  readonly converted?: ReadonlyMap<string, TensorForm>
  /** The same for the file that will hold the folds; null keeps them inside the model. */
  readonly sidecar?: string | null
}

/** Usual name of the file with the folds. */
export const sidecarName = 'folded.bin'

export interface EmittedModel {
  readonly model: Uint8Array
  /** Contents of the file with the folds; empty when the part has no folds. */
  readonly sidecar: Uint8Array
  readonly nodeCount: number
  /** Stored names of the tensors that the graph refers to. */
  readonly used: ReadonlySet<string>
}

/** Smaller tensors travel inside the model. */
const sidecarFromBytes = 4096

/** Fails with `policy/checkpoint-incomplete` or `policy/checkpoint-damaged`, naming every tensor that is missing or misshapen. */
export function emitModel(
  model: InternVlaModel,
  folds: ModelFolds,
  index: CheckpointIndex,
  options: EmitOptions,
): Result<EmittedModel> {
  const graph = new GraphBuilder(options.dialect)
  const weights = new CheckpointWeights(graph, index, options)
  const { trunk } = model
  const { part, isTraced = false, hasForesight = false, isStateHoisted = true, room = fullRoom } = options
  if (part === 'foresight') {
    const hidden: Value = graph.input('hidden', 'float32', [middleTokens(room), trunk.dims.exp_hidden])
    foresightHead(graph, hidden, trunk, weights)
  } else {
    const emitted = { part, isTraced, hasForesight, isStateHoisted, room }
    weights.expectRows(trunk.modules.embedding, trunk.dims.vocab, trunk.dims.und_hidden)
    new PolicyGraph(graph, trunk, folds.front, folds.trunk, weights, emitted).emit()
  }
  const used = weights.verdict()
  if (!used.ok) return used
  const { model: bytes, sidecar } = graph.encodeWithSidecar(
    { opset: internVlaOpset, graphName: `${model.architecture} ${part}`, description: '' },
    {
      location: options.sidecar ?? sidecarName,
      fromBytes: options.sidecar === null ? Number.POSITIVE_INFINITY : sidecarFromBytes,
    },
  )
  return ok({ model: bytes, sidecar, nodeCount: graph.nodeCount, used: used.value })
}
