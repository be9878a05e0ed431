/**
 * Turns passes of the control loop into rows on the frame grid. A row holds the latest pass whose follower reading was
 * complete at or before its grid time, and the goal sent in that pass; nothing is interpolated.
 */
import type { JointVector } from '#core/arm/arm-profile.ts'
import type { ArmReading } from '#core/arm/arm-reading.ts'
import { sourceCode } from '#core/control/mode.ts'
import type { TickRecord } from '#core/control/tick-record.ts'
import type { TakeRow } from '#core/dataset/take-row.ts'
import type { FrameGrid } from '#core/timeline/frame-grid.ts'
import { GridSampler } from '#core/timeline/grid-sampler.ts'

/** What a pass leaves that a row may need. */
export interface TickSample {
  readonly reading: ArmReading
  /** When the pass knew its reading: completion of the read, or the begin of a pass whose read failed. */
  readonly timeUs: number
  readonly tick: number
  readonly source: number
  readonly isIntervention: boolean
  readonly sent: JointVector
  readonly requested: JointVector
  readonly side: readonly number[]
}

export type ToDatasetUnits = (position: JointVector) => JointVector

const positionsOf = (reading: ArmReading): number[] => reading.joints.map((joint) => joint.position)

/** Keeps what rows need between passes: before the first goal the arm stays where it is, so its pose is the goal. */
export class TickMemory {
  #latest: TickSample | null = null

  /** The newest pass with a reading of the follower; null before the first. */
  get latest(): TickSample | null {
    return this.#latest
  }

  /** Null when the pass has no reading of the follower at all. */
  take(record: TickRecord, side: readonly number[] | null): TickSample | null {
    const { follower } = record
    if (follower === null) return null
    const sent = record.sent ?? this.#latest?.sent ?? positionsOf(follower)
    const sample: TickSample = {
      reading: follower,
      timeUs: Math.max(follower.timeUs, record.timeUs),
      tick: record.tick,
      source: sourceCode[record.source],
      isIntervention: record.isIntervention,
      sent,
      requested: record.requested ?? sent,
      side: side ?? this.#latest?.side ?? [],
    }
    this.#latest = sample
    return sample
  }
}

export class RowBuilder {
  readonly #sampler: GridSampler<TickSample>
  readonly #emit: (row: TakeRow) => void
  readonly #toDatasetUnits: ToDatasetUnits
  #lastTick: number | null = null
  #lastReadUs = Number.NEGATIVE_INFINITY

  constructor(grid: FrameGrid, toDatasetUnits: ToDatasetUnits, emit: (row: TakeRow) => void) {
    this.#toDatasetUnits = toDatasetUnits
    this.#emit = emit
    this.#sampler = new GridSampler<TickSample>(grid, ({ frame, reading }) => this.#row(frame, reading))
  }

  /** Rows so far. */
  get rows(): number {
    return this.#sampler.nextFrame
  }

  push(sample: TickSample): void {
    this.#sampler.push(sample.timeUs, sample)
  }

  /** Emits all rows up to `frames` from what is known: the take has ended. */
  finish(frames: number): void {
    this.#sampler.advance(this.#sampler.grid.timeUs(frames - 1))
  }

  #row(frame: number, sample: TickSample): void {
    const state = this.#toDatasetUnits(positionsOf(sample.reading))
    this.#emit({
      frame,
      readUs: sample.reading.timeUs,
      ticks: this.#lastTick === null ? 0 : Math.max(0, sample.tick - this.#lastTick),
      source: sample.source,
      isIntervention: sample.isIntervention,
      isStale:
        sample.reading.timeUs <= this.#lastReadUs || sample.reading.joints.some((joint) => joint.isStale),
      state,
      action: this.#toDatasetUnits(sample.sent),
      requested: this.#toDatasetUnits(sample.requested),
      side: sample.side,
    })
    this.#lastTick = sample.tick
    this.#lastReadUs = sample.reading.timeUs
  }
}
