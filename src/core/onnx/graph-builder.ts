/**
 * Builds an ONNX graph node by node with static shapes known at every value, so that a mistake is found where it is
 * made and not when a runtime loads the file. Operators live in `ops-*.ts`; this class only keeps names, nodes and
 * tensors. Names are unique; node names are the path of scopes, so a profile maps back to the model's modules.
 */
import { attributeOf } from './attribute.ts'
import type { AttributeValue } from './attribute.ts'
import { bytesPerElement, elementCode, elementCount } from './element-type.ts'
import type { ElementType } from './element-type.ts'
import { encodeModel } from './encode-onnx.ts'
import type { NodeProto, TensorProto, ValueInfoProto } from './onnx-proto.ts'
import { externalFields, moveToSidecar } from './sidecar.ts'
import type { ExternalData, SidecarTarget } from './sidecar.ts'

/** One edge of the graph. */
export interface Value {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
}

export interface NodeSpec {
  readonly op: string
  /** `null` leaves an optional input out. */
  readonly inputs: readonly (Value | null)[]
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  /** Empty for ai.onnx, `com.microsoft` for ONNX Runtime's own operators. */
  readonly domain?: string
}

export interface OutputSpec {
  readonly type: ElementType
  readonly shape: readonly number[]
}

export interface ModelOptions {
  /** Version of the ai.onnx operator set. */
  readonly opset: number
  readonly graphName: string
  readonly description: string
  readonly metadata?: Readonly<Record<string, string>>
}

interface GraphState {
  readonly nodes: NodeProto[]
  readonly initializers: TensorProto[]
  readonly inputs: ValueInfoProto[]
  readonly outputs: ValueInfoProto[]
  readonly valueInfo: ValueInfoProto[]
  readonly names: Set<string>
  readonly nodeCounts: Map<string, number>
  readonly constants: Map<string, Value>
  readonly domains: Set<string>
}

const emptyState = (): GraphState => ({
  nodes: [],
  initializers: [],
  inputs: [],
  outputs: [],
  valueInfo: [],
  names: new Set(),
  nodeCounts: new Map(),
  constants: new Map(),
  domains: new Set(),
})

/**
 * Which operators a graph may use. `standard`: those of opset 23, which CPU, CUDA and WebGPU have. `cpu`: the same and ONNX
 * Runtime's own, arranged for a processor's caches instead of for few nodes. `directml`: attention, rotation
 * and RMS norm in the older forms that DirectML computes too (spec/internvla-a1.md §4.5, §7.2).
 */
export type Dialect = 'standard' | 'cpu' | 'directml'

/** ONNX IR version that carries opset 23. */
const irVersion = 11

export class GraphBuilder {
  private readonly state: GraphState
  private readonly path: string
  readonly dialect: Dialect

  constructor(dialect: Dialect = 'standard', state: GraphState = emptyState(), path = '') {
    this.dialect = dialect
    this.state = state
    this.path = path
  }

  /** The same graph, with `name` added to the path of everything made through the result. */
  scope(name: string): GraphBuilder {
    return new GraphBuilder(this.dialect, this.state, `${this.path}${name}.`)
  }

  input(name: string, type: ElementType, shape: readonly number[]): Value {
    const value = this.claim(name, type, shape)
    this.state.inputs.push(valueInfo(value))
    return value
  }

  /** Publishes a value under `name`, which the model's users see. */
  output(name: string, value: Value): void {
    const published = this.claim(name, value.type, value.shape)
    this.state.nodes.push({
      input: [value.name],
      output: [name],
      name: `output.${name}`,
      opType: 'Identity',
      attribute: [],
      domain: '',
    })
    this.state.outputs.push(valueInfo(published))
  }

  /** A tensor whose little-endian bytes travel inside the model. */
  tensor(name: string, type: ElementType, shape: readonly number[], bytes: Uint8Array): Value {
    return this.addTensor(this.path + name, type, shape, bytes)
  }

  floats(name: string, shape: readonly number[], values: Iterable<number>): Value {
    const data = Float32Array.from(values)
    return this.tensor(name, 'float32', shape, new Uint8Array(data.buffer))
  }

  /** A float32 scalar, shared by every use of the same number. */
  scalar(value: number): Value {
    const data = Float32Array.of(value)
    const key = Object.is(data[0], -0) ? '-0' : String(data[0])
    return this.shared(`const.${key}`, 'float32', [], new Uint8Array(data.buffer))
  }

  /** A float32 tensor of one repeated number, shared by every use. */
  filled(value: number, shape: readonly number[]): Value {
    const data = new Float32Array(elementCount(shape)).fill(value)
    return this.shared(`const.${value}x[${shape.join(',')}]`, 'float32', shape, new Uint8Array(data.buffer))
  }

  /** An int64 vector (a shape, axes, bounds of a slice), shared by every use of the same numbers. */
  sizes(values: readonly number[]): Value {
    const data = BigInt64Array.from(values, (value) => BigInt(value))
    return this.shared(`const.[${values.join(',')}]`, 'int64', [values.length], new Uint8Array(data.buffer))
  }

  /** A tensor whose bytes stay in another file, at any byte offset (spec internvla-a1 §4.3). */
  external(name: string, type: ElementType, shape: readonly number[], data: ExternalData): Value {
    const expected = elementCount(shape) * bytesPerElement(type)
    if (data.length !== expected)
      throw new Error(`${name}: ${data.length} external bytes for a tensor of ${expected}`)
    const value = this.claim(name, type, shape)
    this.state.initializers.push({
      dims: shape,
      dataType: elementCode(type),
      name,
      ...externalFields(data),
    })
    return value
  }

  /** Adds a node with one output. The caller states the output's type and shape; `ops-*.ts` infers them. */
  node(spec: NodeSpec, output: OutputSpec): Value {
    const [value] = this.nodes(spec, [output])
    if (value === undefined) throw new Error('a node without output')
    return value
  }

  /** Adds a node with several outputs. */
  nodes(spec: NodeSpec, outputs: readonly OutputSpec[]): readonly Value[] {
    const base = this.path + spec.op
    const count = this.state.nodeCounts.get(base) ?? 0
    this.state.nodeCounts.set(base, count + 1)
    const name = count === 0 ? base : `${base}_${count}`
    const values = outputs.map((output, index) =>
      this.claim(outputs.length === 1 ? `${name}:0` : `${name}:${index}`, output.type, output.shape),
    )
    const domain = spec.domain ?? ''
    if (domain !== '') this.state.domains.add(domain)
    this.state.nodes.push({
      input: spec.inputs.map((input) => input?.name ?? ''),
      output: values.map((value) => value.name),
      name,
      opType: spec.op,
      attribute: Object.entries(spec.attributes ?? {}).map(([key, value]) => attributeOf(key, value)),
      domain,
    })
    for (const value of values) this.state.valueInfo.push(valueInfo(value))
    return values
  }

  get nodeCount(): number {
    return this.state.nodes.length
  }

  /** The bytes of the `.onnx` file. */
  encode(options: ModelOptions): Uint8Array {
    return this.encodeInitializers(options, this.state.initializers)
  }

  /** The same with the larger of its own tensors in a file beside it, where a model with many variants can share them. */
  encodeWithSidecar(
    options: ModelOptions,
    target: SidecarTarget,
  ): { readonly model: Uint8Array; readonly sidecar: Uint8Array } {
    const { initializers, sidecar } = moveToSidecar(this.state.initializers, target)
    return { model: this.encodeInitializers(options, initializers), sidecar }
  }

  private encodeInitializers(options: ModelOptions, initializers: readonly TensorProto[]): Uint8Array {
    const { nodes, inputs, outputs, valueInfo: info, domains } = this.state
    return encodeModel({
      irVersion,
      producerName: 'foresight',
      docString: options.description,
      graph: {
        node: nodes,
        name: options.graphName,
        initializer: initializers,
        input: inputs,
        output: outputs,
        valueInfo: info,
      },
      opsetImport: [
        { domain: '', version: options.opset },
        ...[...domains].map((domain) => ({ domain, version: 1 })),
      ],
      metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    })
  }

  private shared(name: string, type: ElementType, shape: readonly number[], bytes: Uint8Array): Value {
    const known = this.state.constants.get(name)
    if (known !== undefined) return known
    const made = this.addTensor(name, type, shape, bytes)
    this.state.constants.set(name, made)
    return made
  }

  private addTensor(name: string, type: ElementType, shape: readonly number[], bytes: Uint8Array): Value {
    const expected = elementCount(shape) * bytesPerElement(type)
    if (bytes.length !== expected)
      throw new Error(`${name}: ${bytes.length} bytes for a tensor of ${expected}`)
    const value = this.claim(name, type, shape)
    this.state.initializers.push({ dims: shape, dataType: elementCode(type), name, rawData: bytes })
    return value
  }

  private claim(name: string, type: ElementType, shape: readonly number[]): Value {
    if (this.state.names.has(name)) throw new Error(`the name ${name} is taken`)
    if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
      throw new Error(`${name}: not a static shape: [${shape.join(', ')}]`)
    }
    this.state.names.add(name)
    return { name, type, shape }
  }
}

const valueInfo = (value: Value): ValueInfoProto => ({
  name: value.name,
  type: {
    tensorType: {
      elemType: elementCode(value.type),
      shape: { dim: value.shape.map((dimValue) => ({ dimValue })) },
    },
  },
})
