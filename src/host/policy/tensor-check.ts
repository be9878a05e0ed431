/** Compares what a manifest promises with the tensors that are really in the file. */
import type { PolicyManifest } from '#core/policy/manifest.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { TensorInfo } from '#core/policy/tensor-value.ts'

/** Fails with `policy/wrong-shape`; its data lists every difference. */
export function checkTensors(
  manifest: PolicyManifest,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): Result<void> {
  const problems = [
    ...manifest.inputs.flatMap(({ tensor, shape }) => differences('input', tensor, shape, inputs)),
    ...differences('output', manifest.output.tensor, manifest.output.shape, outputs),
    ...inputs
      .filter(({ name }) => !manifest.inputs.some(({ tensor }) => tensor === name))
      .map(({ name }) => `input ${name} of the model is not in the manifest`),
  ]
  return problems.length === 0 ? ok(undefined) : fail('policy/wrong-shape', problems.join('; '), { problems })
}

function differences(
  kind: string,
  tensor: string,
  shape: readonly number[],
  found: readonly TensorInfo[],
): string[] {
  const info = found.find(({ name }) => name === tensor)
  if (info === undefined) {
    const names = found.map(({ name }) => name).join(', ') || 'none'
    return [`the model has no ${kind} ${tensor}, only ${names}`]
  }
  if (info.type !== 'float32') return [`${kind} ${tensor} is ${info.type}, not float32`]
  const fits =
    info.shape.length === shape.length &&
    info.shape.every((size, axis) => typeof size === 'string' || size === shape[axis])
  return fits
    ? []
    : [`${kind} ${tensor} is [${info.shape.join(', ')}], the manifest says [${shape.join(', ')}]`]
}
