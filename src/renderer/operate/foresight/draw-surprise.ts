/** Surprise over the last seconds, 0 to 1, newest at the right; the threshold dashed. Gaps in data are gaps. */
import type { Score } from './foresight-state.ts'

export interface SurprisePoint {
  /** CSS pixels. */
  readonly x: number
  readonly y: number
}

/** The scale ends at 1, or, where a threshold is set, at two and a half times it: what lies beyond is drawn at the edge. */
export const surpriseTop = (threshold: number | null): number =>
  threshold === null ? 1 : Math.min(1, 2.5 * threshold)

export const surpriseY = (score: number, top: number, height: number): number =>
  height - 2 - Math.min(1, Math.max(0, score / top)) * (height - 4)

/** A pause longer than this between two scores is a gap. */
const gapUs = 2_500_000

/** Runs of points without gaps, oldest first. */
export function surpriseRuns(
  scores: readonly Score[],
  nowUs: number,
  windowUs: number,
  top: number,
  size: { readonly width: number; readonly height: number },
): readonly (readonly SurprisePoint[])[] {
  const runs: SurprisePoint[][] = []
  let lastUs = -Infinity
  for (const { dueUs, score } of scores) {
    if (dueUs < nowUs - windowUs || !Number.isFinite(score)) continue
    const point = {
      x: ((dueUs - (nowUs - windowUs)) / windowUs) * size.width,
      y: surpriseY(score, top, size.height),
    }
    if (dueUs - lastUs > gapUs) runs.push([point])
    else runs.at(-1)?.push(point)
    lastUs = dueUs
  }
  return runs
}

export interface SurpriseColours {
  readonly line: string
  readonly fill: string
  readonly threshold: string
}

export function drawSurprise(
  context: CanvasRenderingContext2D,
  runs: readonly (readonly SurprisePoint[])[],
  threshold: number | null,
  size: { readonly width: number; readonly height: number },
  colours: SurpriseColours,
): void {
  context.clearRect(0, 0, size.width, size.height)
  context.lineJoin = 'round'
  for (const run of runs) {
    const [first, last] = [run[0], run.at(-1)]
    if (first === undefined || last === undefined) continue
    context.beginPath()
    context.moveTo(first.x, first.y)
    for (const { x, y } of run.slice(1)) context.lineTo(x, y)
    context.strokeStyle = colours.line
    context.lineWidth = 1.8
    context.stroke()
    context.lineTo(last.x, size.height)
    context.lineTo(first.x, size.height)
    context.fillStyle = colours.fill
    context.fill()
    context.fillStyle = colours.line
    for (const { x, y } of run) {
      context.beginPath()
      context.arc(x, y, 2, 0, 2 * Math.PI)
      context.fill()
    }
  }
  if (threshold === null) return
  const y = surpriseY(threshold, surpriseTop(threshold), size.height)
  context.strokeStyle = colours.threshold
  context.lineWidth = 1
  context.setLineDash([5, 4])
  context.beginPath()
  context.moveTo(0, y)
  context.lineTo(size.width, y)
  context.stroke()
  context.setLineDash([])
}
