/**
 * Weight matrices in blocks of small integers for ONNX Runtime's `MatMulNBits`: a row [in] is cut into blocks, every block
 * has one scale, values are stored with an offset of half their range (spec/internvla-a1.md §4.7).
 */
import type { GraphBuilder, Value } from './graph-builder.ts'
import { sizeAt } from './shape.ts'

export type BlockBits = 4 | 8
/** Numbers that share a scale. */
export const blockSize = 32

/** A matrix [rows, columns] in blocks, as graph values. */
export interface BlockWeight {
  readonly bits: BlockBits
  readonly rows: number
  readonly columns: number
  /** uint8 [rows, blocks, bytes a block] */
  readonly packed: Value
  /** float32 [rows · blocks] */
  readonly scales: Value
}

export const isBlockWeight = (weight: Value | BlockWeight): weight is BlockWeight => 'packed' in weight

/** A row is quantised only where whole blocks fill it. */
export const canBeBlocked = (columns: number): boolean => columns % blockSize === 0

export const packedBytes = (rows: number, columns: number, bits: BlockBits): number =>
  (rows * columns * bits) / 8

/** Symmetric per block: scale = largest magnitude / (2^(bits−1) − 1), value = round(w / scale) + 2^(bits−1); two 4-bit values a byte, the first in the low half. */
export function packBlocks(
  rows: Float32Array,
  bits: BlockBits,
): { readonly packed: Uint8Array<ArrayBuffer>; readonly scales: Float32Array<ArrayBuffer> } {
  const blocks = rows.length / blockSize
  const scales = new Float32Array(blocks)
  const packed = new Uint8Array((rows.length * bits) / 8)
  const top = 2 ** (bits - 1)
  for (let block = 0; block < blocks; block++) {
    const from = block * blockSize
    let largest = 0
    for (let at = from; at < from + blockSize; at++) largest = Math.max(largest, Math.abs(rows[at] ?? 0))
    const scale = Math.fround(largest / (top - 1))
    scales[block] = scale
    for (let at = from; at < from + blockSize; at++) {
      const value = scale === 0 ? top : Math.round((rows[at] ?? 0) / scale) + top
      if (bits === 8) packed[at] = value
      else packed[at >> 1] = (packed[at >> 1] ?? 0) | ((at & 1) === 0 ? value : value << 4)
    }
  }
  return { packed, scales }
}

/** What `packBlocks` made, as ONNX Runtime reads it: (value − 2^(bits−1)) · scale. */
export function unpackBlocks(
  packed: Uint8Array,
  scales: Float32Array,
  bits: BlockBits,
): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(scales.length * blockSize)
  const top = 2 ** (bits - 1)
  for (let at = 0; at < rows.length; at++) {
    const byte = packed[bits === 8 ? at : at >> 1] ?? 0
    const value = bits === 8 ? byte : (at & 1) === 0 ? byte & 0xf : byte >> 4
    rows[at] = (value - top) * (scales[Math.floor(at / blockSize)] ?? 0)
  }
  return rows
}

/** `x` [n, columns] times the matrix transposed. Activations are rounded to 8 bits inside (`accuracy_level` 4), as on every fast CPU path. */
export function blockLinear(g: GraphBuilder, x: Value, weight: BlockWeight): Value {
  const { bits, rows, columns, packed, scales } = weight
  if (x.shape.length !== 2 || sizeAt(x.shape, 1) !== columns)
    throw new Error(`linear of [${x.shape.join(', ')}] with blocks of [${rows}, ${columns}]`)
  const attributes = {
    K: { int: columns },
    N: { int: rows },
    bits: { int: bits },
    block_size: { int: blockSize },
    accuracy_level: { int: 4 },
  }
  const spec = { op: 'MatMulNBits', domain: 'com.microsoft', inputs: [x, packed, scales], attributes }
  return g.node(spec, { type: x.type, shape: [sizeAt(x.shape, 0), rows] })
}
