/**
 * One ONNX file in a runner of its own, float32 in and out, faults as values. The runner may be killed or die; then every
 * question is answered with `policy/runner-died`.
 */
import type { TensorInfo } from '#core/policy/tensor-value.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { ProviderName } from '#contract/services/policy.ts'
import { RunnerProcess, type RunnerSession } from './runner/runner-process.ts'

export interface TensorData {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface OnnxModel extends AsyncDisposable {
  readonly provider: ProviderName
  readonly processIds: readonly number[]
  readonly ended: Promise<Fault>
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** Fails with `policy/load-failed` or `policy/provider-failed` when the runtime gives up, `policy/runner-died`, `policy/wrong-shape` when an output is not float32. */
  run(inputs: Readonly<Record<string, TensorData>>): Promise<Result<Readonly<Record<string, TensorData>>>>
}

/** Opens a model file. Fails with `policy/not-onnx`, `policy/load-failed`, `policy/provider-failed` or `policy/runner-died`. */
export async function openOnnxModel(path: string, provider: ProviderName): Promise<Result<OnnxModel>> {
  const runner = new RunnerProcess({ env: {}, priority: 'normal' })
  const opened = await runner.open({
    model: path,
    folder: null,
    sidecars: [],
    provider,
    threads: 1,
    hasPrepacking: true,
    keep: [],
  })
  if (opened.ok) return ok(wrap(runner, opened.value, provider))
  await runner[Symbol.asyncDispose]()
  return opened
}

function wrap(runner: RunnerProcess, session: RunnerSession, provider: ProviderName): OnnxModel {
  return {
    provider,
    processIds: runner.processId === null ? [] : [runner.processId],
    ended: runner.ended,
    inputs: session.inputs,
    outputs: session.outputs,
    run: async (inputs) => {
      const feeds = Object.entries(inputs).map(
        ([name, { shape, data }]) => [name, { type: 'float32', shape, data }] as const,
      )
      const answer = await session.run(Object.fromEntries(feeds))
      if (!answer.ok) return answer
      const tensors: Record<string, TensorData> = {}
      for (const [name, value] of Object.entries(answer.value.outputs)) {
        if (value.type !== 'float32')
          return fail('policy/wrong-shape', `output ${name} is ${value.type}, not float32`, { tensor: name })
        tensors[name] = { shape: value.shape, data: value.data }
      }
      return ok(tensors)
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  }
}
