/**
 * Samples a stream of timed readings onto a frame grid: row k holds the latest reading at or before grid time k, and how
 * old it was then. Rows come out in order, without gaps, each exactly once.
 */
import type { FrameGrid } from './frame-grid.ts'

export interface GridSample<T> {
  readonly frame: number
  readonly reading: T
  /** Grid time minus the reading's time, microseconds; never negative except in row 0 of a take that began before its first reading. */
  readonly ageUs: number
  /** True when the row before holds the same reading. */
  readonly isRepeat: boolean
}

export class GridSampler<T> {
  readonly grid: FrameGrid
  readonly #emit: (sample: GridSample<T>) => void
  #nextFrame = 0
  #latest: { readonly timeUs: number; readonly reading: T; wasUsed: boolean } | null = null

  constructor(grid: FrameGrid, emit: (sample: GridSample<T>) => void) {
    this.grid = grid
    this.#emit = emit
  }

  /** The frame that will be emitted next, which is also the number of rows so far. */
  get nextFrame(): number {
    return this.#nextFrame
  }

  /** Takes a reading. Every grid time before it that has no row yet gets one, from the readings already known. Late readings are ignored. */
  push(timeUs: number, reading: T): void {
    if (this.#latest !== null && timeUs < this.#latest.timeUs) return
    if (this.#latest !== null) this.advance(timeUs - 1)
    this.#latest = { timeUs, reading, wasUsed: false }
  }

  /** Emits every row whose grid time is at or before `timeUs`. Emits nothing before the first reading. */
  advance(timeUs: number): void {
    const latest = this.#latest
    if (latest === null) return
    const last = this.grid.frameAt(timeUs)
    while (this.#nextFrame <= last) {
      const frame = this.#nextFrame
      this.#nextFrame = frame + 1
      this.#emit({
        frame,
        reading: latest.reading,
        ageUs: this.grid.timeUs(frame) - latest.timeUs,
        isRepeat: latest.wasUsed,
      })
      latest.wasUsed = true
    }
  }
}
