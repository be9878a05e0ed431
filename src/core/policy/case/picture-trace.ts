/**
 * What becomes of a picture on its two ways into the model, as the reference data shows it: 256² for the vision tower,
 * cut into patches, and 256² for Cosmos. The graph does the same with the same matrices; this is for comparing.
 */
import { patchOrder } from '../internvla/patch-grid.ts'
import { bicubicMatrix, bilinearMatrix } from '../internvla/resize-matrix.ts'
import { floats } from './named-tensor.ts'
import type { CaseTensor } from './named-tensor.ts'

/** matrix · plane · matrixᵀ for planes [n, from, from]; the matrix is [to, from] and nearly empty. */
function scale(
  planes: Float32Array,
  matrix: Float32Array,
  from: number,
  to: number,
): Float32Array<ArrayBuffer> {
  const count = planes.length / (from * from)
  const taps = Array.from({ length: to }, (_, row) =>
    Array.from(matrix.subarray(row * from, (row + 1) * from), (weight, at) => [at, weight] as const).filter(
      ([, weight]) => weight !== 0,
    ),
  )
  const scaled = new Float32Array(count * to * to)
  const rows = new Float64Array(to * from)
  for (let plane = 0; plane < count; plane++) {
    rows.fill(0)
    taps.forEach((weights, y) => {
      for (const [at, weight] of weights) {
        const start = (plane * from + at) * from
        for (let x = 0; x < from; x++)
          rows[y * from + x] = (rows[y * from + x] ?? 0) + weight * (planes[start + x] ?? 0)
      }
    })
    for (let y = 0; y < to; y++) {
      taps.forEach((weights, x) => {
        scaled[(plane * to + y) * to + x] = weights.reduce(
          (sum, [at, weight]) => sum + weight * (rows[y * from + at] ?? 0),
          0,
        )
      })
    }
  }
  return scaled
}

/**
 * @param images [pictures, 3, side, side], 0…1
 * @returns `cosmos.input` [pictures, 3, to, to] in −1…1
 */
export function cosmosInput(images: Float32Array, side: number, to: number): CaseTensor {
  const scaled = side === to ? Float32Array.from(images) : scale(images, bilinearMatrix(side, to), side, to)
  return floats(
    [images.length / (3 * side * side), 3, to, to],
    scaled.map((value) => 2 * value - 1),
  )
}

/**
 * The patch matrix of present pictures, one of the two equal time copies.
 * @param images [views, 3, side, side], 0…1
 * @returns [views · patches, 3 · patch²], order (channel, y, x)
 */
export function patchRows(
  images: Float32Array,
  side: number,
  to: number,
  patch: number,
  merge: number,
): Float32Array<ArrayBuffer> {
  const scaled = scale(images, bicubicMatrix(side, to), side, to)
  const views = images.length / (3 * side * side)
  const order = patchOrder(to / patch, merge)
  const width = 3 * patch * patch
  const rows = new Float32Array(views * order.length * width)
  let at = 0
  for (let view = 0; view < views; view++) {
    for (const [row, column] of order) {
      for (let channel = 0; channel < 3; channel++) {
        for (let y = 0; y < patch; y++) {
          const start = ((view * 3 + channel) * to + row * patch + y) * to + column * patch
          for (let x = 0; x < patch; x++) rows[at++] = ((scaled[start + x] ?? 0) - 0.5) / 0.5
        }
      }
    }
  }
  return rows
}

/** `pixel_values.sampled17`: rows 5, 22 … and columns 2, 9 … of the official matrix, in which every channel comes twice. */
export function sampledPatches(rows: Float32Array, patch: number): CaseTensor {
  const area = patch * patch
  const width = 3 * area
  const count = rows.length / width
  const kept: number[] = []
  for (let row = 5; row < count; row += 17) {
    for (let column = 2; column < 2 * width; column += 7) {
      const channel = Math.floor(column / (2 * area))
      kept.push(rows[row * width + channel * area + (column % area)] ?? 0)
    }
  }
  return floats([Math.ceil((count - 5) / 17), Math.ceil((2 * width - 2) / 7)], kept)
}
