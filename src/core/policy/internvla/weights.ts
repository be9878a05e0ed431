/**
 * Weights of a checkpoint as graph values: float32 tensors stay where they are and are pointed at, others are pointed at
 * and cast, and what an import has converted is pointed at in its new form. A tensor that is missing or has another shape is noted and stands in as a hole, so that one pass over the
 * graph finds everything that is wrong with a checkpoint.
 */
import { blockSize } from '../../onnx/block-weights.ts'
import type { BlockBits, BlockWeight } from '../../onnx/block-weights.ts'
import { elementCount } from '../../onnx/element-type.ts'
import type { CheckpointIndex, CheckpointTensor } from '../../onnx/checkpoint-index.ts'
import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts'
import { cast } from '../../onnx/ops-layout.ts'
import { onnxTypeOf } from '../../onnx/safetensors-dtype.ts'
import type { ExternalData } from '../../onnx/sidecar.ts'
import { fail, ok } from '../../result.ts'
import type { Result } from '../../result.ts'
import { missingTensors } from './tensor-purpose.ts'

export interface WeightSource {
  /**
   * float32, or float16 where the import converted it: only products and convolutions take those.
   * @param as another shape of the same number of elements, for the graph's use
   */
  get(name: string, shape: readonly number[], as?: readonly number[]): Value
  /** A matrix [out, in] of a text layer, which may have been cut into blocks of small integers. */
  matrix(name: string, shape: readonly [number, number]): Value | BlockWeight
  /** For tensors that a checkpoint may do without. */
  has(name: string): boolean
}

/** Another form of a tensor, in a file that an import wrote. */
export type ConvertedTensor =
  | { readonly form: 'half'; readonly data: ExternalData }
  | {
      readonly form: 'blocks'
      readonly bits: BlockBits
      readonly packed: ExternalData
      readonly scales: ExternalData
    }

/** `stored`: half floats in the checkpoint already, taken as they lie there. */
export type TensorForm = ConvertedTensor | { readonly form: 'stored' }

export interface WeightPlaces {
  /** Path of a checkpoint file as the model file refers to it. */
  readonly locate?: ((file: string) => string) | undefined
  /** By stored name. */
  readonly converted?: ReadonlyMap<string, TensorForm> | undefined
}

const isFloat = ({ dtype }: CheckpointTensor): boolean =>
  dtype === 'F32' || dtype === 'BF16' || dtype === 'F16' || dtype === 'F64'

const described = (name: string, { dtype, shape }: CheckpointTensor, wanted: readonly unknown[]): string =>
  `${name} is ${dtype} [${shape.join(', ')}], not a float of [${wanted.join(', ')}]`

export class CheckpointWeights implements WeightSource {
  private readonly graph: GraphBuilder
  private readonly index: CheckpointIndex
  private readonly locate: (file: string) => string
  private readonly converted: ReadonlyMap<string, TensorForm>
  private readonly blocks = new Map<string, BlockWeight>()
  private readonly values = new Map<string, Value>()
  private readonly used = new Set<string>()
  private readonly missing: string[] = []
  private readonly misshapen: string[] = []

  constructor(
    graph: GraphBuilder,
    index: CheckpointIndex,
    { locate = (file) => file, converted = new Map() }: WeightPlaces = {},
  ) {
    this.graph = graph
    this.index = index
    this.locate = locate
    this.converted = converted
  }

  has(name: string): boolean {
    return this.index.find(name) !== undefined
  }

  get(name: string, shape: readonly number[], as: readonly number[] = shape): Value {
    const known = this.values.get(name)
    if (known !== undefined) return known
    const tensor = this.index.find(name)
    const value = tensor === undefined ? this.hole(name, as) : this.point(name, tensor, shape, as)
    this.values.set(name, value)
    return value
  }

  matrix(name: string, shape: readonly [number, number]): Value | BlockWeight {
    const tensor = this.index.find(name)
    const other = tensor === undefined ? undefined : this.converted.get(tensor.storedAs)
    if (tensor === undefined || other?.form !== 'blocks') return this.get(name, shape)
    const known = this.blocks.get(name)
    if (known !== undefined) return known
    const [rows, columns] = shape
    const count = columns / blockSize
    const made: BlockWeight = {
      bits: other.bits,
      rows,
      columns,
      packed: this.graph.external(
        `${name}.packed`,
        'uint8',
        [rows, count, (blockSize * other.bits) / 8],
        other.packed,
      ),
      scales: this.graph.external(`${name}.scales`, 'float32', [rows * count], other.scales),
    }
    this.used.add(tensor.storedAs)
    this.blocks.set(name, made)
    return made
  }

  /** A table [rows, width] that is read row by row beside the graph: missing or misshapen it is noted like the rest, but not used. */
  expectRows(name: string, rows: number, width: number): void {
    const tensor = this.index.find(name)
    if (tensor === undefined) this.missing.push(name)
    else if (
      tensor.shape.length !== 2 ||
      (tensor.shape[0] ?? 0) < rows ||
      tensor.shape[1] !== width ||
      !isFloat(tensor)
    )
      this.misshapen.push(described(name, tensor, [rows, width]))
  }

  /** Every tensor that the graph refers to, by stored name; or what is missing (`policy/checkpoint-incomplete`) or misshapen. */
  verdict(): Result<ReadonlySet<string>> {
    const { missing, misshapen } = this
    if (misshapen.length > 0) {
      return fail(
        'policy/checkpoint-damaged',
        `tensors of another shape: ${misshapen.slice(0, 5).join('; ')}`,
        { misshapen },
      )
    }
    return missing.length > 0 ? missingTensors(missing) : ok(this.used)
  }

  private point(
    name: string,
    tensor: CheckpointTensor,
    shape: readonly number[],
    as: readonly number[],
  ): Value {
    const type = onnxTypeOf(tensor.dtype)
    if (
      type === null ||
      tensor.shape.join() !== shape.join() ||
      !isFloat(tensor) ||
      elementCount(as) !== elementCount(shape)
    ) {
      this.misshapen.push(described(name, tensor, shape))
      return this.hole(name, as)
    }
    this.used.add(tensor.storedAs)
    const other = this.converted.get(tensor.storedAs)
    if (other?.form === 'half') return this.graph.external(name, 'float16', as, other.data)
    const { offset, length, file } = tensor
    const stored = this.graph.external(name, type, as, { location: this.locate(file), offset, length })
    return other?.form === 'stored' ? stored : cast(this.graph.scope(name), stored, 'float32')
  }

  private hole(name: string, shape: readonly number[]): Value {
    if (this.index.find(name) === undefined) this.missing.push(name)
    return this.graph.external(`${name}.hole`, 'float32', shape, {
      location: 'missing',
      offset: 0,
      length: 4 * elementCount(shape),
    })
  }
}
