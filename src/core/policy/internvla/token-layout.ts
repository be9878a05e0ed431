/**
 * The token sequence of InternVLA-A1-3B and its position numbers (spec §1.3, §1.6): per view a start token, 8 × 8
 * picture tokens and an end token; then the instruction. Then the generation expert's tokens, then state and actions.
 */
import { internVla, middleLength } from './trunk.ts'

/** Picture tokens along one side of a view. */
export const gridSide = 8
const imageTokens = gridSide * gridSide
/** Tokens of a view with its two marks. */
export const viewTokens = imageTokens + 2
export const prefixLength = internVla.views * viewTokens + internVla.textTokens

export interface Positions {
  /** [3, prefix]: axes time, height, width, row after row. */
  readonly prefix: Int32Array
  /** The same on all axes. */
  readonly middle: Int32Array
  readonly suffix: Int32Array
}

export interface SequenceMasks {
  /** One entry a prefix token: may be attended to. */
  readonly prefix: readonly boolean[]
  readonly middle: readonly boolean[]
}

/** @param textTokens tokens of the instruction that are no padding */
export function sequenceMasks(viewMask: readonly boolean[], textTokens: number): SequenceMasks {
  const repeat = (value: boolean, count: number): boolean[] => Array<boolean>(count).fill(value)
  return {
    prefix: [
      ...viewMask.flatMap((isPresent) => repeat(isPresent, viewTokens)),
      ...Array.from({ length: internVla.textTokens }, (_, index) => index < textTokens),
    ],
    middle: viewMask.flatMap((isPresent) => repeat(isPresent, middleLength / internVla.views)),
  }
}

/**
 * Position numbers. Tokens that are not valid get 1 in the prefix and no number of their own, but those of a missing view
 * in the middle do consume numbers, as the official inference has it.
 * @param suffixLength state and actions
 */
export function sequencePositions(
  viewMask: readonly boolean[],
  textTokens: number,
  suffixLength: number,
): Positions {
  const prefix = new Int32Array(3 * prefixLength).fill(1)
  const put = (token: number, time: number, height: number, width: number): void => {
    prefix[token] = time
    prefix[prefixLength + token] = height
    prefix[2 * prefixLength + token] = width
  }
  let next = 0
  viewMask.forEach((isPresent, view) => {
    if (!isPresent) return
    const first = view * viewTokens
    put(first, next, next, next)
    for (let index = 0; index < imageTokens; index++) {
      put(first + 1 + index, next + 1, next + 1 + Math.floor(index / gridSide), next + 1 + (index % gridSide))
    }
    const end = next + gridSide + 1
    put(first + viewTokens - 1, end, end, end)
    next = end + 1
  })
  for (let index = 0; index < textTokens; index++, next++)
    put(internVla.views * viewTokens + index, next, next, next)
  return {
    prefix,
    middle: Int32Array.from({ length: middleLength }, (_, index) => next + index),
    suffix: Int32Array.from({ length: suffixLength }, (_, index) => next + middleLength + index),
  }
}

/** Special ids of the official sequence. */
export interface SequenceMarks {
  readonly vision_start_token_id: number
  readonly image_token_id: number
  readonly vision_end_token_id: number
}

/** The ids as the official processor writes them, missing views included. @param textIds padded to 48 */
export function sequenceIds(
  views: number,
  textIds: readonly number[],
  marks: SequenceMarks,
): readonly number[] {
  const view = [
    marks.vision_start_token_id,
    ...Array<number>(imageTokens).fill(marks.image_token_id),
    marks.vision_end_token_id,
  ]
  return [...Array.from({ length: views }, () => view).flat(), ...textIds]
}
