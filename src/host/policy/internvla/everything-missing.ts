/** When a checkpoint lacks one tensor it mostly lacks more: all of them, for one message instead of one a try. */
import { emitModel } from '#core/policy/internvla/emit-model.ts'
import type { TensorReader } from '#core/policy/internvla/folds.ts'
import type { InternVlaModel, ModelFolds } from '#core/policy/internvla/internvla-model.ts'
import { missingTensors } from '#core/policy/internvla/tensor-purpose.ts'
import type { Fault } from '#core/result.ts'
import type { CheckpointFiles } from './checkpoint-files.ts'

/** Knows which tensors folds are computed from, and gives nothing but zeros. */
class AbsenceReader implements TensorReader {
  readonly missing: string[] = []
  private readonly index: CheckpointFiles['index']

  constructor({ index }: Pick<CheckpointFiles, 'index'>) {
    this.index = index
  }

  has(name: string): boolean {
    return this.index.find(name) !== undefined
  }

  async rows(name: string, _first: number, count: number, shape?: readonly number[]): Promise<Float32Array> {
    const tensor = this.index.find(name)
    if (tensor === undefined) this.missing.push(name)
    const [, ...rest] = shape ?? tensor?.shape ?? [count]
    return new Float32Array(rest.reduce((product, size) => product * size, count))
  }
}

/** @param fault what the first missing tensor was answered with, which stands where nothing more can be said */
export async function everythingMissing(
  model: InternVlaModel,
  files: Pick<CheckpointFiles, 'index'>,
  fault: Fault,
): Promise<Fault> {
  const reader = new AbsenceReader(files)
  const folds: ModelFolds = await model.computeFolds(reader)
  const emitted = emitModel(model, folds, files.index, { part: 'mono' })
  const others: unknown = emitted.ok ? [] : emitted.error.data?.['missing']
  const names = [...reader.missing, ...(Array.isArray(others) ? others.map(String) : [])]
  const all = missingTensors(names)
  return names.length === 0 || all.ok ? fault : all.error
}
