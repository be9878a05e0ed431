/**
 * The token sequence of InternVLA-A1-2B and its position numbers (spec §2): 256 picture tokens a view without marks, then
 * the instruction. Positions count valid tokens only, also in the middle: a missing view consumes none.
 */
import type { SequenceMasks } from './token-layout.ts'
import { internVla, middleLength } from './trunk.ts'

/** Picture tokens of a view. */
export const internViewTokens = 256
export const internPrefixLength = internVla.views * internViewTokens + internVla.textTokens

export interface InternPositions {
  readonly prefix: Int32Array
  readonly middle: Int32Array
  readonly suffix: Int32Array
}

/** @param textTokens tokens of the instruction that are no padding */
export function internMasks(viewMask: readonly boolean[], textTokens: number): SequenceMasks {
  const repeat = (value: boolean, count: number): boolean[] => Array<boolean>(count).fill(value)
  return {
    prefix: [
      ...viewMask.flatMap((isPresent) => repeat(isPresent, internViewTokens)),
      ...Array.from({ length: internVla.textTokens }, (_, index) => index < textTokens),
    ],
    middle: viewMask.flatMap((isPresent) => repeat(isPresent, middleLength / internVla.views)),
  }
}

/** A token that is not valid has the number of the last valid one before it; −1 where there is none. */
export function internPositions({ prefix, middle }: SequenceMasks, suffixLength: number): InternPositions {
  const counted = (mask: readonly boolean[], from: number): Int32Array => {
    let next = from
    return Int32Array.from(mask, (isValid) => (isValid ? next++ : next - 1))
  }
  const count = (mask: readonly boolean[]): number => mask.filter(Boolean).length
  const before = count(prefix)
  return {
    prefix: counted(prefix, 0),
    middle: counted(middle, before),
    suffix: Int32Array.from({ length: suffixLength }, (_, index) => before + count(middle) + index),
  }
}
