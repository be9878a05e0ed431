/** Reads an encoded model back with protobufjs, and runs one with ONNX Runtime: two readers that share no code with the writer. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import protobuf from 'protobufjs'
import { onnxProto } from './onnx.proto.ts'

const modelType = protobuf.parse(onnxProto, { keepCase: true }).root.lookupType('onnx.ModelProto')

export const decodeModel = (bytes: Uint8Array): Record<string, unknown> =>
  modelType.toObject(modelType.decode(bytes), { longs: Number, arrays: true, bytes: Array })

/** Runs a model on float32 inputs and gives every output's numbers. */
export async function runModel(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>,
): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [
        name,
        new Tensor('float32', Float32Array.from(data), shape),
      ]),
    )
    const outputs = await session.run(feeds)
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, Array.from(tensor.data as Float32Array)]),
    )
  } finally {
    await session.release()
  }
}
