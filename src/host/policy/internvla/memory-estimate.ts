/** How much memory a session is expected to take: its weights in the precision they are computed with, and what passes through. */
import type { CheckpointIndex } from '#core/onnx/checkpoint-index.ts'
import { elementCount } from '#core/onnx/element-type.ts'
import { planConversion } from '#core/policy/internvla/conversion-plan.ts'
import type { Trunk } from '#core/policy/internvla/trunk.ts'
import { precisions, type Precision } from '#contract/services/policy.ts'

/** Runtime, graph, keys and values, pictures and activations of the largest layer at the real sizes; measured, rounded up. */
const overheadBytes = 700e6

/**
 * float32 weights are mapped from the checkpoint where it holds float32, and widened into memory where it does not.
 * @param used stored names that the graphs refer to
 */
export function estimateMemory(
  index: CheckpointIndex,
  used: ReadonlySet<string>,
  trunk: Trunk,
): Record<Precision, number> {
  const numbers = (name: string): number => elementCount(index.tensors.get(name)?.shape ?? [0])
  const scale = Math.min(1, trunk.dims.und_hidden / 2048)
  const of = (precision: Precision): number => {
    const plan = precision === 'fp32' ? null : planConversion(index, used, trunk.modules, precision, '')
    const stored = new Set(plan?.stored)
    const converted = new Set(plan?.tensors.map(({ tensor }) => tensor.storedAs))
    const wide = [...used]
      .filter((name) => !converted.has(name))
      .reduce((sum, name) => sum + (stored.has(name) ? 2 : 4) * numbers(name), 0)
    return wide + (plan?.bytes ?? 0) + overheadBytes * scale
  }
  return Object.fromEntries(precisions.map((precision) => [precision, of(precision)])) as Record<
    Precision,
    number
  >
}
