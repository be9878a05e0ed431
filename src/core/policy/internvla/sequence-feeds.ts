/** Masks and rotary tables of a call as the graph takes them. */
import type { Tensors, TensorValue } from '../tensor-value.ts'
import type { RopeTable } from './rope.ts'
import { keptTokens } from './sequence-room.ts'
import type { SequenceRoom } from './sequence-room.ts'
import type { SequenceMasks } from './token-layout.ts'
import type { Trunk } from './trunk.ts'

export interface SequenceRopes {
  readonly prefix: RopeTable
  readonly middle: RopeTable
  readonly suffix: RopeTable
}

/** The rows of the official sequence that `room` has a place for. */
export function sequenceTensors(
  masks: SequenceMasks,
  ropes: SequenceRopes,
  trunk: Trunk,
  room: SequenceRoom,
): Tensors {
  const kept = keptTokens(trunk, room)
  const some = (values: readonly boolean[], tokens: readonly number[]): boolean[] =>
    tokens.map((token) => values[token] ?? false)
  const mask = (values: readonly boolean[]): TensorValue => ({
    type: 'bool',
    shape: [values.length],
    data: Uint8Array.from(values, Number),
  })
  const rope = (stage: string, { cos, sin, tokens, half }: RopeTable): [string, TensorValue][] => {
    const shape = [1, tokens, half]
    return [
      [`${stage}_cos`, { type: 'float32', shape, data: cos }],
      [`${stage}_sin`, { type: 'float32', shape, data: sin }],
    ]
  }
  return {
    prefix_mask: mask(some(masks.prefix, kept.prefix)),
    middle_mask: mask(some(masks.middle, kept.middle)),
    ...Object.fromEntries([
      ...rope('prefix', rowsOf(ropes.prefix, kept.prefix)),
      ...rope('middle', rowsOf(ropes.middle, kept.middle)),
      ...rope('suffix', ropes.suffix),
    ]),
  }
}

function rowsOf({ cos, sin, half }: RopeTable, tokens: readonly number[]): RopeTable {
  const rows = (table: Float32Array): Float32Array<ArrayBuffer> => {
    const some = new Float32Array(tokens.length * half)
    tokens.forEach((token, row) => some.set(table.subarray(token * half, (token + 1) * half), row * half))
    return some
  }
  return { cos: rows(cos), sin: rows(sin), tokens: tokens.length, half }
}
