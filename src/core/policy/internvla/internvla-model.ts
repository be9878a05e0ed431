/**
 * What every architecture of the family answers.
 *
 * A policy call feeds: `images` [views, frames, 3, side, side] (0…1, past frame first, missing views all ones), `text_rows`
 * [instruction tokens, und_hidden] (rows of `embedding` times `textScale`), `state` [1, max_state_dim] (normalised, zero-padded), `noise`
 * [chunk, max_action_dim], `rtc_target` alike, `rtc_weight` [chunk, 1] (all 0: no guidance), and `sequenceFeeds`.
 */
import type { Tensors } from '../tensor-value.ts'
import type { TensorReader, TrunkFolds } from './folds.ts'
import type { Front } from './front.ts'
import type { SequenceRoom } from './sequence-room.ts'
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
  /** Cosines, sines and masks of a call, by the input names of a graph with that room (the official sequence's unless said). */
  sequenceFeeds(viewMask: readonly boolean[], textTokens: number, room?: SequenceRoom): Tensors
  computeFolds(reader: TensorReader): Promise<ModelFolds>
}
