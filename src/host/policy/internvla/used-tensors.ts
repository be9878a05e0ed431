/** What the graphs of a model take from its checkpoint. */
import { emitModel } from '#core/policy/internvla/emit-model.ts'
import type { InternVlaModel, ModelFolds } from '#core/policy/internvla/internvla-model.ts'
import { ok, type Result } from '#core/result.ts'
import type { CheckpointFiles } from './checkpoint-files.ts'

/**
 * Stored names that any graph refers to. A checkpoint without a picture decoder has the fewer, and acts all the same.
 * Fails with `policy/checkpoint-incomplete` or `policy/checkpoint-damaged`.
 */
export function usedTensors(
  model: InternVlaModel,
  folds: ModelFolds,
  { index }: Pick<CheckpointFiles, 'index'>,
): Result<ReadonlySet<string>> {
  const whole = emitModel(model, folds, index, { part: 'mono', hasForesight: true })
  const policy = whole.ok ? whole : emitModel(model, folds, index, { part: 'mono' })
  if (!policy.ok) return policy
  const decoder = emitModel(model, folds, index, { part: 'foresight' })
  return ok(new Set([...policy.value.used, ...(decoder.ok ? decoder.value.used : [])]))
}
