/**
 * Which tensors take another form in which precision, and where each comes to lie in the one file that a conversion writes.
 * fp16 narrows every matrix and kernel but the action head; int8 and int4 cut the text layers into blocks and leave the
 * pictures' side as it is stored (spec/internvla-a1.md §4.6, §4.7).
 */
import { blockSize, canBeBlocked, packedBytes } from '../../onnx/block-weights.ts'
import type { BlockBits } from '../../onnx/block-weights.ts'
import type { CheckpointIndex, CheckpointTensor } from '../../onnx/checkpoint-index.ts'
import { elementCount } from '../../onnx/element-type.ts'
import type { TrunkModules } from './trunk.ts'
import type { ConvertedTensor, TensorForm } from './weights.ts'

export const convertedPrecisions = ['fp16', 'int8', 'int4'] as const
export type ConvertedPrecision = (typeof convertedPrecisions)[number]

export interface PlannedTensor {
  readonly tensor: CheckpointTensor
  readonly to: ConvertedTensor
}

export interface ConversionPlan {
  readonly tensors: readonly PlannedTensor[]
  /** Stored names of what has the form already. */
  readonly stored: readonly string[]
  readonly bytes: number
}

const alignment = 64

/**
 * @param used stored names that the graph refers to
 * @param location the converted file as the graph shall refer to it
 */
export function planConversion(
  index: CheckpointIndex,
  used: Iterable<string>,
  modules: TrunkModules,
  precision: ConvertedPrecision,
  location: string,
): ConversionPlan {
  const tensors: PlannedTensor[] = []
  const stored: string[] = []
  let end = 0
  const place = (length: number) => {
    const offset = Math.ceil(end / alignment) * alignment
    end = offset + length
    return { location, offset, length }
  }
  for (const name of [...used].toSorted()) {
    const tensor = index.tensors.get(name)
    const form = tensor === undefined ? null : formOf(tensor, modules, precision)
    if (tensor === undefined || form === null) continue
    if (form === 'stored') {
      stored.push(name)
      continue
    }
    if (form === 'half') {
      tensors.push({ tensor, to: { form, data: place(2 * elementCount(tensor.shape)) } })
      continue
    }
    const [rows = 0, columns = 0] = tensor.shape
    const packed = place(packedBytes(rows, columns, form))
    const scales = place((4 * rows * columns) / blockSize)
    tensors.push({ tensor, to: { form: 'blocks', bits: form, packed, scales } })
  }
  return { tensors, stored, bytes: end }
}

/** As `emitModel` takes it. */
export const convertedBy = ({ tensors, stored }: ConversionPlan): ReadonlyMap<string, TensorForm> =>
  new Map<string, TensorForm>([
    ...tensors.map(({ tensor, to }) => [tensor.storedAs, to] as const),
    ...stored.map((name) => [name, { form: 'stored' }] as const),
  ])

/** The velocity leaves the network here: its rounding would go straight into the actions. */
const actionHead = /action_out_proj/u
const layerMatrix = /\.layers\.\d+\.(?:self_attn|mlp)\.[a-z]+_proj\.weight$/u

function formOf(
  { storedAs, shape, dtype }: CheckpointTensor,
  { und }: TrunkModules,
  precision: ConvertedPrecision,
): 'half' | 'stored' | BlockBits | null {
  if (shape.length < 2) return null
  if (precision === 'fp16') {
    if (actionHead.test(storedAs)) return null
    return dtype === 'F16' ? 'stored' : 'half'
  }
  if (!layerMatrix.test(storedAs) || !canBeBlocked(shape[1] ?? 0)) return null
  // Errors of the understanding expert reach every later token; errors of ten small steps average out.
  return precision === 'int4' && !storedAs.startsWith(`${und}.`) ? 4 : 8
}
