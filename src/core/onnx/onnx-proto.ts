/**
 * The part of the ONNX protobuf schema (onnx/onnx.proto, IR version 11) that this program writes: one interface a
 * message, and one table with every field's number and wire kind. A field absent from an object is not written.
 */

export interface StringStringEntryProto {
  readonly key: string
  readonly value: string
}

export interface TensorProto {
  readonly dims: readonly number[]
  readonly dataType: number
  readonly name: string
  /** Little-endian element bytes; absent when the data is external. */
  readonly rawData?: Uint8Array
  /** `location`, `offset` and `length` of data kept in another file. */
  readonly externalData?: readonly StringStringEntryProto[]
  /** 1 = EXTERNAL. */
  readonly dataLocation?: number
}

export interface AttributeProto {
  readonly name: string
  readonly type: number
  readonly f?: number
  readonly i?: number
  readonly s?: string
  readonly t?: TensorProto
  readonly g?: GraphProto
  readonly floats?: readonly number[]
  readonly ints?: readonly number[]
}

export interface NodeProto {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly name: string
  readonly opType: string
  readonly attribute: readonly AttributeProto[]
  readonly domain: string
}

interface DimensionProto {
  readonly dimValue: number
}

interface TensorShapeProto {
  readonly dim: readonly DimensionProto[]
}

interface TensorTypeProto {
  readonly elemType: number
  readonly shape: TensorShapeProto
}

interface TypeProto {
  readonly tensorType: TensorTypeProto
}

export interface ValueInfoProto {
  readonly name: string
  readonly type: TypeProto
  readonly docString?: string
}

export interface GraphProto {
  readonly node: readonly NodeProto[]
  readonly name: string
  readonly initializer: readonly TensorProto[]
  readonly input: readonly ValueInfoProto[]
  readonly output: readonly ValueInfoProto[]
  readonly valueInfo: readonly ValueInfoProto[]
}

interface OperatorSetIdProto {
  readonly domain: string
  readonly version: number
}

export interface ModelProto {
  readonly irVersion: number
  readonly producerName: string
  readonly docString: string
  readonly graph: GraphProto
  readonly opsetImport: readonly OperatorSetIdProto[]
  readonly metadataProps: readonly StringStringEntryProto[]
}

export interface OnnxMessages {
  StringStringEntry: StringStringEntryProto
  Tensor: TensorProto
  Attribute: AttributeProto
  Node: NodeProto
  Dimension: DimensionProto
  TensorShape: TensorShapeProto
  TensorType: TensorTypeProto
  Type: TypeProto
  ValueInfo: ValueInfoProto
  Graph: GraphProto
  OperatorSetId: OperatorSetIdProto
  Model: ModelProto
}

export type MessageName = keyof OnnxMessages

/** `varint` covers int32, int64, bool and enums; an embedded message is named by its key. */
export interface FieldSpec {
  readonly number: number
  readonly kind: 'varint' | 'float' | 'string' | 'bytes' | MessageName
}

const field = (number: number, kind: FieldSpec['kind']): FieldSpec => ({ number, kind })

/** Complete by construction: a field of an interface without a row here does not compile. */
export const onnxSchema: {
  readonly [M in MessageName]: { readonly [F in keyof OnnxMessages[M]]-?: FieldSpec }
} = {
  StringStringEntry: { key: field(1, 'string'), value: field(2, 'string') },
  Tensor: {
    dims: field(1, 'varint'),
    dataType: field(2, 'varint'),
    name: field(8, 'string'),
    rawData: field(9, 'bytes'),
    externalData: field(13, 'StringStringEntry'),
    dataLocation: field(14, 'varint'),
  },
  Attribute: {
    name: field(1, 'string'),
    f: field(2, 'float'),
    i: field(3, 'varint'),
    s: field(4, 'string'),
    t: field(5, 'Tensor'),
    g: field(6, 'Graph'),
    floats: field(7, 'float'),
    ints: field(8, 'varint'),
    type: field(20, 'varint'),
  },
  Node: {
    input: field(1, 'string'),
    output: field(2, 'string'),
    name: field(3, 'string'),
    opType: field(4, 'string'),
    attribute: field(5, 'Attribute'),
    domain: field(7, 'string'),
  },
  Dimension: { dimValue: field(1, 'varint') },
  TensorShape: { dim: field(1, 'Dimension') },
  TensorType: { elemType: field(1, 'varint'), shape: field(2, 'TensorShape') },
  Type: { tensorType: field(1, 'TensorType') },
  ValueInfo: { name: field(1, 'string'), type: field(2, 'Type'), docString: field(3, 'string') },
  Graph: {
    node: field(1, 'Node'),
    name: field(2, 'string'),
    initializer: field(5, 'Tensor'),
    input: field(11, 'ValueInfo'),
    output: field(12, 'ValueInfo'),
    valueInfo: field(13, 'ValueInfo'),
  },
  OperatorSetId: { domain: field(1, 'string'), version: field(2, 'varint') },
  Model: {
    irVersion: field(1, 'varint'),
    producerName: field(2, 'string'),
    docString: field(6, 'string'),
    graph: field(7, 'Graph'),
    opsetImport: field(8, 'OperatorSetId'),
    metadataProps: field(14, 'StringStringEntry'),
  },
}
