/** Grippers that a deployment only opens or closes: above the threshold one value, else the other (spec/internvla-a1.md §1.9). */
import type { GripperRule } from './robot-profile.ts'

/** @param actions row-major, one column per name; changed in place */
export function applyGripperRules(
  actions: Float32Array,
  names: readonly string[],
  rules: readonly GripperRule[],
): void {
  for (const { channel, threshold, below, above } of rules) {
    const column = names.indexOf(channel)
    if (column < 0) continue
    for (let index = column; index < actions.length; index += names.length) {
      const value = actions[index] ?? Number.NaN
      // What is not a number must stay one: the checks after this one look for it.
      if (!Number.isNaN(value)) actions[index] = value > threshold ? above : below
    }
  }
}
