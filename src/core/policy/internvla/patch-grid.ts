/** The order of the vision tower's patches, and their rotary angles (spec §1.4). */
import { ropeFrequencies } from './rope.ts'

/** Base of the rotary frequencies of pictures. */
const theta = 10_000

/**
 * Row and column of every patch in the order of the patch matrix: blocks of merge × merge, row after row, and row after
 * row within a block.
 */
export function patchOrder(side: number, merge: number): readonly (readonly [row: number, column: number])[] {
  const blocks = side / merge
  return Array.from({ length: side * side }, (_, index) => {
    const block = Math.floor(index / (merge * merge))
    const inside = index % (merge * merge)
    const row = Math.floor(block / blocks) * merge + Math.floor(inside / merge)
    return [row, (block % blocks) * merge + (inside % merge)] as const
  })
}

/** Angles [patches, head width / 2]: the first half turns with the row, the second with the column. */
export function visionAngles(
  side: number,
  merge: number,
  headWidth: number,
  isRounded: boolean,
): Float32Array<ArrayBuffer> {
  const frequencies = ropeFrequencies(theta, headWidth / 2, isRounded)
  const values = patchOrder(side, merge).flatMap(([row, column]) => [
    ...Array.from(frequencies, (frequency) => row * frequency),
    ...Array.from(frequencies, (frequency) => column * frequency),
  ])
  return Float32Array.from(values)
}
