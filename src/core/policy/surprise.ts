/**
 * How much of what moved was not foreseen. The difference between the predicted and the real picture is set against how
 * far either is from the picture at the observation; a light that was switched on or an exposure that changed does not
 * count. Definition and figures: docs/foresight.md.
 */
import type { PictureCells } from './picture-cells.ts'

/** Differences of this size, in the worst tenth of the cells, are of no interest by themselves; 0…1. */
const floorError = 0.1
/** The share of the cells that decides: what surprises is rarely larger than a hand. */
const worstShare = 0.1
/** Cells that agree worst are left out when brightness is fitted. */
const fittedShare = 0.8
const mostGain = 1.25
const mostOffset = 0.1

export interface ViewSurprise {
  /** 0: as foreseen. About 1: nothing of what moved, or as much again, was foreseen. */
  readonly score: number
  /** Error by cell, row-major, 0…255. */
  readonly map: Uint8Array<ArrayBuffer>
}

/** @param observed the picture that the prediction was made from; all three have the same grid */
export function viewSurprise(
  predicted: PictureCells,
  real: PictureCells,
  observed: PictureCells,
): ViewSurprise {
  const errors = cellErrors(predicted, real)
  const moved = Math.max(worstOf(cellErrors(observed, real)), worstOf(cellErrors(observed, predicted)))
  return {
    score: worstOf(errors) / (moved + floorError),
    map: Uint8Array.from(errors, (error) => Math.min(255, Math.round(255 * error))),
  }
}

/** One score for all views: that of the view that was foreseen worst, since an event need not be in every picture. */
export const overallSurprise = (views: readonly { readonly score: number }[]): number =>
  views.reduce((most, { score }) => Math.max(most, score), 0)

/** Root mean square of the worst cells. */
function worstOf(errors: Float64Array): number {
  const count = Math.max(1, Math.round(worstShare * errors.length))
  const worst = errors.toSorted().subarray(-count)
  return Math.sqrt(worst.reduce((sum, error) => sum + error * error, 0) / count)
}

/** By cell, the root mean square over the colours of what is left after the brightness of `from` was fitted to `to`. */
function cellErrors(from: PictureCells, to: PictureCells): Float64Array {
  const cells = from.width * from.height
  if (cells !== to.width * to.height) throw new RangeError('pictures of two grids cannot be compared')
  const first = residuals(from, to, fit(from, to, null))
  const limit = first.toSorted()[Math.floor(fittedShare * (cells - 1))] ?? Infinity
  return residuals(
    from,
    to,
    fit(from, to, (cell) => (first[cell] ?? 0) <= limit),
  )
}

interface Brightness {
  readonly gain: number
  readonly offsets: readonly number[]
}

/** Least squares: one gain, as exposure has it, and an offset a colour; both within what a camera's automatics do. */
function fit(from: PictureCells, to: PictureCells, isUsed: ((cell: number) => boolean) | null): Brightness {
  const cells = from.width * from.height
  const means: (readonly [number, number])[] = []
  let [joint, own] = [0, 0]
  for (let colour = 0; colour < 3; colour++) {
    let [sumFrom, sumTo, count] = [0, 0, 0]
    for (let cell = 0; cell < cells; cell++) {
      if (isUsed?.(cell) === false) continue
      sumFrom += from.planes[colour * cells + cell] ?? 0
      sumTo += to.planes[colour * cells + cell] ?? 0
      count++
    }
    const [meanFrom, meanTo] = [sumFrom / count, sumTo / count]
    means.push([meanFrom, meanTo])
    for (let cell = 0; cell < cells; cell++) {
      if (isUsed?.(cell) === false) continue
      const x = (from.planes[colour * cells + cell] ?? 0) - meanFrom
      joint += x * ((to.planes[colour * cells + cell] ?? 0) - meanTo)
      own += x * x
    }
  }
  // A picture without contrast has no gain.
  const gain = own < 1e-9 ? 1 : between(1 / mostGain, joint / own, mostGain)
  return { gain, offsets: means.map(([x, y]) => between(-mostOffset, y - gain * x, mostOffset)) }
}

function residuals(from: PictureCells, to: PictureCells, { gain, offsets }: Brightness): Float64Array {
  const cells = from.width * from.height
  const errors = new Float64Array(cells)
  for (let cell = 0; cell < cells; cell++) {
    let sum = 0
    for (let colour = 0; colour < 3; colour++) {
      const at = colour * cells + cell
      sum += (gain * (from.planes[at] ?? 0) + (offsets[colour] ?? 0) - (to.planes[at] ?? 0)) ** 2
    }
    errors[cell] = Math.sqrt(sum / 3)
  }
  return errors
}

const between = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value))
