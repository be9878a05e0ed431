/** Everything that goes into one call of an InternVLA graph, by its input names. */
import type { NormalisedGuide } from '#core/policy/action-space.ts'
import type { InternVlaModel } from '#core/policy/internvla/internvla-model.ts'
import { isRoomFor, type SequenceRoom } from '#core/policy/internvla/sequence-room.ts'
import { internVla } from '#core/policy/internvla/trunk.ts'
import type { Tensors } from '#core/policy/tensor-value.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { Picture } from '../policy.ts'

/** Both frames of one view; null where the slot is empty. */
export type View = { readonly past: Picture; readonly present: Picture } | null

export interface CallInputs {
  /** One entry a slot; slots beyond a graph's room are empty. */
  readonly views: readonly View[]
  /** Rows of the instruction's tokens, not scaled. */
  readonly textRows: Float32Array
  readonly textTokens: number
  /** Normalised and padded. */
  readonly state: Float32Array
  readonly noise: Float32Array
  readonly guide: NormalisedGuide
}

/** [slots, frames, 3, side, side]: past before present, a missing view all ones. Fails with `policy/wrong-shape`. */
export function viewImages(views: readonly View[], side: number, slots: number): Result<Float32Array> {
  const size = 3 * side * side
  const images = new Float32Array(slots * internVla.frames * size).fill(1)
  for (const [slot, view] of views.entries()) {
    if (view === null) continue
    for (const [frame, { width, height, planes }] of [view.past, view.present].entries()) {
      if (width !== side || height !== side || planes.length !== size)
        return fail(
          'policy/wrong-shape',
          `view ${slot} is ${width}×${height}, the model takes ${side}×${side}`,
          {
            slot,
            width,
            height,
          },
        )
      images.set(planes, (slot * internVla.frames + frame) * size)
    }
  }
  return ok(images)
}

/** Fails with `policy/wrong-shape` when something does not fit the model or the graph's room, or `policy/pictures-stopped` without the first view. */
export function callFeeds(
  model: InternVlaModel,
  { views, textRows, textTokens, state, noise, guide }: CallInputs,
  room: SequenceRoom,
): Result<Tensors> {
  const { dims, inputSide: side } = model.trunk
  const viewMask = views.map((view) => view !== null)
  if (viewMask[0] !== true)
    return fail('policy/pictures-stopped', 'the first view is missing: the model needs it', { slot: 0 })
  const needed = viewMask.lastIndexOf(true) + 1
  if (!isRoomFor(room, needed, textTokens)) {
    const message = `${needed} views and ${textTokens} tokens do not fit a graph of ${room.views} and ${room.textTokens}`
    return fail('policy/wrong-shape', message, { needed, tokens: textTokens })
  }
  const images = viewImages(views, side, room.views)
  if (!images.ok) return images
  const chunkShape = [dims.chunk, dims.max_action_dim]
  if (noise.length !== dims.chunk * dims.max_action_dim)
    return fail('policy/wrong-shape', `${noise.length} numbers of noise, not ${chunkShape.join(' × ')}`)
  if (state.length !== dims.max_state_dim)
    return fail('policy/wrong-shape', `a state of ${state.length} numbers, not ${dims.max_state_dim}`)
  return ok({
    images: {
      type: 'float32',
      shape: [room.views, internVla.frames, 3, side, side],
      data: images.value,
    },
    text_rows: {
      type: 'float32',
      shape: [room.textTokens, dims.und_hidden],
      data: scaled(textRows.subarray(0, room.textTokens * dims.und_hidden), model.textScale),
    },
    state: { type: 'float32', shape: [1, dims.max_state_dim], data: state },
    noise: { type: 'float32', shape: chunkShape, data: noise },
    rtc_target: { type: 'float32', shape: chunkShape, data: guide.target },
    rtc_weight: { type: 'float32', shape: [dims.chunk, 1], data: guide.weight },
    ...model.sequenceFeeds(viewMask, textTokens, room),
  })
}

const scaled = (rows: Float32Array, factor: number): Float32Array =>
  factor === 1 ? rows : rows.map((value) => value * factor)
