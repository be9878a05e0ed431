/** Masks and rotary tables of a call as the graph takes them. */
import type { Tensors, TensorValue } from '../tensor-value.ts'
import type { RopeTable } from './rope.ts'
import type { SequenceMasks } from './token-layout.ts'

export interface SequenceRopes {
  readonly prefix: RopeTable
  readonly middle: RopeTable
  readonly suffix: RopeTable
}

export function sequenceTensors(masks: SequenceMasks, ropes: SequenceRopes): Tensors {
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
    prefix_mask: mask(masks.prefix),
    middle_mask: mask(masks.middle),
    ...Object.fromEntries([
      ...rope('prefix', ropes.prefix),
      ...rope('middle', ropes.middle),
      ...rope('suffix', ropes.suffix),
    ]),
  }
}
