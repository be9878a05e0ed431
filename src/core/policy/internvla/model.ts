/**
 * The InternVLA models behind one door: what a checkpoint's `config.json` says it is, what must be computed from its weights
 * once, its graphs, and everything that goes into them beside pictures, state and noise. A further architecture is one more
 * entry in `architectures`.
 *
 * A policy call feeds: `images` [views, frames, 3, side, side] (0…1, past frame first, missing views all ones), `text_rows`
 * [48, und_hidden] (rows of `embedding` times `textScale`), `state` [1, max_state_dim] (normalised, zero-padded), `noise`
 * [chunk, max_action_dim], `rtc_target` alike, `rtc_weight` [chunk, 1] (all 0: no guidance), and `sequenceFeeds`.
 */
import type { GraphBuilder } from '../../onnx/graph-builder.ts'
import { fail } from '../../result.ts'
import type { Result } from '../../result.ts'
import type { Tensors } from '../tensor-value.ts'
import { parseConfig, typeOf } from './config-file.ts'
import type { TensorReader, TrunkFolds } from './folds.ts'
import type { Front } from './front.ts'
import { internModel } from './intern-model.ts'
import { qwenModel } from './qwen-model.ts'
import type { SequenceMasks } from './token-layout.ts'
import type { Trunk } from './trunk.ts'

export interface SequencePositions {
  /** Axes time, height, width, row after row; or one row where positions have one axis. */
  readonly prefix: Int32Array
  readonly middle: Int32Array
  readonly suffix: Int32Array
}

/** What one architecture computes from a checkpoint at import. */
export interface ModelFolds {
  readonly trunk: TrunkFolds
  readonly front: Front
}

export interface InternVlaModel {
  readonly architecture: string
  readonly trunk: Trunk
  /** Rows of the embedding table are multiplied by this before they are fed. */
  readonly textScale: number
  /** Ids that stand for pictures in the official sequence, null where the sequence has none. */
  readonly ids: ((viewMask: readonly boolean[], textIds: readonly number[]) => readonly number[]) | null
  masks(viewMask: readonly boolean[], textTokens: number): SequenceMasks
  positions(viewMask: readonly boolean[], textTokens: number): SequencePositions
  /** Cosines, sines and masks of a call, by the graph's input names. */
  sequenceFeeds(viewMask: readonly boolean[], textTokens: number): Tensors
  computeFolds(reader: TensorReader): Promise<ModelFolds>
  /** Intermediates that the official code computes and drops, published for comparison only. */
  readonly traceUnused?: (graph: GraphBuilder) => void
}

const architectures = { qwena1: qwenModel, interna1: internModel } as const
export const architectureNames = Object.keys(architectures)

/**
 * @param configText `config.json`
 * @param dimsText `dims.json`, null in a real release
 * @returns `policy/unknown-architecture` for another model, `policy/checkpoint-damaged` for a file that is not what it should be
 */
export function readModel(configText: string, dimsText: string | null): Result<InternVlaModel> {
  const type = typeOf(configText)
  if (type === null || type === 'qwena1' || type === 'interna1') {
    const config = parseConfig(configText)
    return config.ok ? architectures[type ?? 'qwena1'](config.value, dimsText) : config
  }
  const known = 'known are qwena1 (InternVLA-A1-3B) and interna1 (InternVLA-A1-2B)'
  return fail('policy/unknown-architecture', `config.json is of type ${type}; ${known}`, { type })
}
