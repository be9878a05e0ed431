/**
 * A picture made small for comparing: the mean colour of each cell of a grid over its valid area, so that noise, blur and
 * a pixel's shift weigh little, and padding nothing.
 */
import { fitInto } from './pad-resize.ts'

/** Cells along the longer edge. */
const longEdge = 64

export interface PictureCells {
  readonly width: number
  readonly height: number
  /** Planes red, green, blue [3, height, width], 0…1. */
  readonly planes: Float32Array
}

export interface Planes {
  readonly width: number
  readonly height: number
  /** [3, height, width] */
  readonly planes: ArrayLike<number>
}

interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** How much of each source index a cell covers. */
interface Share {
  readonly first: number
  readonly weights: readonly number[]
}

/** Cells `count`, over `length` indices from `start` on, both possibly fractions. */
function sharesOf(start: number, length: number, count: number): readonly Share[] {
  return Array.from({ length: count }, (_, cell) => {
    const from = start + (cell * length) / count
    const to = start + ((cell + 1) * length) / count
    const first = Math.floor(from)
    const last = Math.max(first, Math.ceil(to) - 1)
    const weights = Array.from(
      { length: last - first + 1 },
      (_w, i) => (Math.min(to, first + i + 1) - Math.max(from, first + i)) / (to - from),
    )
    return { first, weights }
  })
}

/** Where the camera's picture lies in a square that `padResize` made of it, or in a square of another size shown like that one. */
function validArea(
  { width, height }: Planes,
  source: { readonly width: number; readonly height: number },
): Area {
  if (width !== height || source.width === source.height) return { left: 0, top: 0, width, height }
  // The models predict at 256² what they saw at 224² (spec §1.7): shares of the edge are the same.
  const fitted = fitInto(224, source.width, source.height)
  const scale = width / 224
  return {
    left: fitted.left * scale,
    top: fitted.top * scale,
    width: fitted.width * scale,
    height: fitted.height * scale,
  }
}

/**
 * @param picture pad-resized, or at its own size
 * @param source size of the camera's picture before it was pad-resized; its aspect decides the grid
 * @param full value of full brightness in `planes`: 1, or 65535
 */
export function pictureCells(
  picture: Planes,
  source: { readonly width: number; readonly height: number },
  full: number,
): PictureCells {
  const area = validArea(picture, source)
  const scale = longEdge / Math.max(source.width, source.height)
  const width = Math.max(1, Math.round(source.width * scale))
  const height = Math.max(1, Math.round(source.height * scale))
  const columns = sharesOf(area.left, area.width, width)
  const rows = sharesOf(area.top, area.height, height)
  const planes = new Float32Array(3 * width * height)
  const line = new Float64Array(width)
  for (let colour = 0; colour < 3; colour++) {
    for (const [y, { first, weights }] of rows.entries()) {
      line.fill(0)
      for (const [i, weight] of weights.entries()) {
        const start = (colour * picture.height + first + i) * picture.width
        for (let x = 0; x < width; x++)
          line[x] = (line[x] ?? 0) + weight * cellOf(picture.planes, start, columns[x])
      }
      for (let x = 0; x < width; x++) planes[(colour * height + y) * width + x] = (line[x] ?? 0) / full
    }
  }
  return { width, height, planes }
}

function cellOf(planes: ArrayLike<number>, start: number, share: Share | undefined): number {
  if (share === undefined) return 0
  const { first, weights } = share
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (planes[start + first + i] ?? 0)
  return sum
}
