/** ONNX messages as protobuf bytes, driven by the schema table. */
import { onnxSchema } from './onnx-proto.ts'
import type { FieldSpec, MessageName, ModelProto, OnnxMessages } from './onnx-proto.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

/** The bytes of an `.onnx` file. Protobuf itself ends at 2 GiB: large tensors belong in external data. */
export function encodeModel(model: ModelProto): Uint8Array {
  const writer = new ProtobufWriter()
  writeMessage(writer, 'Model', model)
  return writer.toBytes()
}

function writeMessage<M extends MessageName>(
  writer: ProtobufWriter,
  name: M,
  message: OnnxMessages[M],
): void {
  const fields: Readonly<Record<string, FieldSpec>> = onnxSchema[name]
  for (const [key, spec] of Object.entries(fields)) {
    const value: unknown = message[key as keyof OnnxMessages[M]]
    if (value === undefined) continue
    for (const element of Array.isArray(value) ? value : [value]) writeField(writer, spec, element)
  }
}

function writeField(writer: ProtobufWriter, { number, kind }: FieldSpec, value: unknown): void {
  switch (kind) {
    case 'varint':
      return writer.varintField(number, value as number)
    case 'float':
      return writer.floatField(number, value as number)
    case 'string':
      return writer.stringField(number, value as string)
    case 'bytes':
      return writer.bytesField(number, value as Uint8Array)
    default:
      return writer.messageField(number, () => writeMessage(writer, kind, value as OnnxMessages[typeof kind]))
  }
}
