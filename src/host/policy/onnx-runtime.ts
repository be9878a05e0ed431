/**
 * ONNX Runtime behind a typed door: float32 in, float32 out, faults as values. `run` blocks the calling thread for as
 * long as it computes (spec/internvla-a1.md §4.2), which is why policies live in a process of their own.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { fail, ok, type Result } from '#core/result.ts'

export interface TensorInfo {
  readonly name: string
  readonly type: string
  /** A size that the model leaves open is its name. */
  readonly shape: readonly (number | string)[]
}

export interface TensorData {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface OnnxModel extends AsyncDisposable {
  readonly provider: OnnxProvider
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** Fails with `policy/load-failed` when the runtime refuses, `policy/wrong-shape` when an output is not float32. */
  run(inputs: Readonly<Record<string, TensorData>>): Promise<Result<Readonly<Record<string, TensorData>>>>
}

/** Execution providers this program uses, best first. More are probed in this order when they come. */
export const onnxProviders = ['cpu'] as const
export type OnnxProvider = (typeof onnxProviders)[number]

/**
 * One thread and no spinning: on a small PC the control loop shares the cores with us, and a pool that spins between
 * runs takes them from it.
 */
const sessionOptions = (provider: OnnxProvider): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
})

/** Opens a model file with the first provider that takes it. Fails with `policy/not-onnx` or `policy/load-failed`. */
export async function openOnnxModel(path: string): Promise<Result<OnnxModel>> {
  let reason = 'no execution provider'
  for (const provider of onnxProviders) {
    try {
      return ok(wrap(await InferenceSession.create(path, sessionOptions(provider)), provider))
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  return isForeignFile(reason)
    ? fail('policy/not-onnx', `${path} is not an ONNX model: ${reason}`, { path })
    : fail('policy/load-failed', `ONNX Runtime refuses ${path}: ${reason}`, { path, reason })
}

/** What ONNX Runtime says of bytes that are no model, or only part of one. */
const isForeignFile = (reason: string): boolean =>
  /protobuf parsing failed|INVALID_PROTOBUF|ModelProto does not have a graph|No graph was found/i.test(reason)

function wrap(session: InferenceSession, provider: OnnxProvider): OnnxModel {
  return {
    provider,
    inputs: session.inputMetadata.map(infoOf),
    outputs: session.outputMetadata.map(infoOf),
    run: async (inputs) => {
      try {
        const feeds = Object.entries(inputs).map(
          ([name, { shape, data }]) => [name, new Tensor('float32', data, shape)] as const,
        )
        return read(await session.run(Object.fromEntries(feeds)))
      } catch (error) {
        return fail(
          'policy/load-failed',
          `ONNX Runtime: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
    },
    [Symbol.asyncDispose]: () => session.release(),
  }
}

function read(outputs: InferenceSession.OnnxValueMapType): Result<Readonly<Record<string, TensorData>>> {
  const tensors: Record<string, TensorData> = {}
  for (const [name, tensor] of Object.entries(outputs)) {
    if (!(tensor.data instanceof Float32Array)) {
      return fail('policy/wrong-shape', `output ${name} is ${tensor.type}, not float32`, { tensor: name })
    }
    tensors[name] = { shape: tensor.dims, data: tensor.data }
  }
  return ok(tensors)
}

const infoOf = (info: InferenceSession.ValueMetadata): TensorInfo =>
  info.isTensor
    ? { name: info.name, type: info.type, shape: info.shape }
    : { name: info.name, type: 'not a tensor', shape: [] }
