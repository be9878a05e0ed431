/**
 * ONNX Runtime behind a typed door, faults as values. `run` blocks its thread for as long as it computes, and native code
 * may end the process (spec/internvla-a1.md §4.2): only a runner process loads this file.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { TensorInfo, TensorValue } from '#core/policy/tensor-value.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { SessionRequest } from './protocol.ts'

export interface OrtSession {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** Fails with `policy/load-failed` or `policy/provider-failed` when the runtime gives up, `policy/wrong-shape` for a type we do not use. */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetch: readonly string[] | null,
  ): Promise<Result<Readonly<Record<string, TensorValue>>>>
  /** An output of the last run that stayed where it was computed. */
  kept(name: string): Tensor | null
  close(): Promise<void>
}

/** Opens a graph. Fails with `policy/not-onnx`, `policy/load-failed`, or, on a GPU, `policy/provider-failed`. */
export async function openOrtSession(request: SessionRequest): Promise<Result<OrtSession>> {
  try {
    const options = optionsOf(request)
    const session =
      typeof request.model === 'string'
        ? await InferenceSession.create(request.model, options)
        : await InferenceSession.create(request.model, options)
    return ok(wrap(session, request))
  } catch (error) {
    return refusal(request, reasonOf(error))
  }
}

/**
 * No spinning: on a small PC the control loop shares the cores with us, and a pool that spins between runs takes them
 * from it. Whether an output is kept on the device must be said for every output at once.
 */
function optionsOf(request: SessionRequest): InferenceSession.SessionOptions {
  const { provider, threads, folder, sidecars, keep, hasPrepacking } = request
  const session = {
    intra_op: { allow_spinning: '0' },
    ...(hasPrepacking ? {} : { disable_prepacking: '1' }),
    ...(folder === null ? {} : { model_external_initializers_file_folder_path: folder }),
  }
  return {
    // Alone: with a second one in the list a provider that this build lacks is left out without a word.
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    extra: { session },
    ...(sidecars.length > 0 ? { externalData: sidecars.map(({ path, data }) => ({ path, data })) } : {}),
    ...(provider === 'webgpu' && keep.length > 0
      ? { preferredOutputLocation: Object.fromEntries(keep.map((name) => [name, 'gpu-buffer' as const])) }
      : {}),
  }
}

function wrap(session: InferenceSession, { provider, keep }: SessionRequest): OrtSession {
  const kept = new Map<string, Tensor>()
  const forget = (): void => {
    for (const tensor of kept.values()) tensor.dispose()
    kept.clear()
  }
  return {
    inputs: session.inputMetadata.map(infoOf),
    outputs: session.outputMetadata.map(infoOf),
    kept: (name) => kept.get(name) ?? null,
    run: async (feeds, fetch) => {
      forget()
      let outputs: InferenceSession.OnnxValueMapType
      try {
        outputs = await (fetch === null
          ? session.run(feeds)
          : session.run(feeds, [...new Set([...fetch, ...keep])]))
      } catch (error) {
        const message = `ONNX Runtime on ${provider}: ${reasonOf(error)}`
        return fail(provider === 'cpu' ? 'policy/load-failed' : 'policy/provider-failed', message, {
          provider,
        })
      }
      const values: Record<string, TensorValue> = {}
      for (const [name, tensor] of Object.entries(outputs)) {
        if (!(tensor instanceof Tensor)) continue
        if (keep.includes(name)) {
          kept.set(name, tensor)
          continue
        }
        const value = valueOf(tensor)
        if (value === null)
          return fail('policy/wrong-shape', `output ${name} is ${tensor.type}`, { tensor: name })
        values[name] = value
      }
      return ok(values)
    },
    close: async () => {
      forget()
      await session.release()
    },
  }
}

export function tensorOf({ type, shape, data }: TensorValue): Tensor {
  if (type === 'float32') return new Tensor(type, data, [...shape])
  if (type === 'float16') return new Tensor(type, data, [...shape])
  if (type === 'bool') return new Tensor(type, data, [...shape])
  return new Tensor(type, data, [...shape])
}

function valueOf({ type, dims: shape, data }: Tensor): TensorValue | null {
  if (type === 'float32' && data instanceof Float32Array) return { type, shape, data }
  if (type === 'bool' && data instanceof Uint8Array) return { type, shape, data }
  if (type === 'int64' && data instanceof BigInt64Array) return { type, shape, data }
  // Newer runtimes answer with Float16Array, which no IPC channel carries: the bits are the same.
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    return { type, shape, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) }
  }
  return null
}

const infoOf = (info: InferenceSession.ValueMetadata): TensorInfo =>
  info.isTensor
    ? { name: info.name, type: info.type, shape: info.shape }
    : { name: info.name, type: 'not a tensor', shape: [] }

function refusal({ model, provider }: SessionRequest, reason: string): Result<never> {
  const what = typeof model === 'string' ? model : 'the graph'
  if (isForeignFile(reason))
    return fail('policy/not-onnx', `${what} is not an ONNX model: ${reason}`, { reason })
  const code = provider === 'cpu' ? 'policy/load-failed' : 'policy/provider-failed'
  return fail(code, `ONNX Runtime on ${provider} refuses ${what}: ${reason}`, { provider, reason })
}

/** What ONNX Runtime says of bytes that are no model, or only part of one. */
const isForeignFile = (reason: string): boolean =>
  /protobuf parsing failed|INVALID_PROTOBUF|ModelProto does not have a graph|No graph was found/i.test(reason)

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
