/**
 * What the executor follows: one chunk, or with ensembling all that cover this moment, and the rest of the last join. Times
 * are executed time, which stands still while nothing is executed.
 */
import type { ActionChunk } from './chunk.ts'
import { DecayingOffset } from './chunk-join.ts'
import type { ChunkTrajectory } from './chunk-trajectory.ts'
import type { CurvePoint } from './chunk-trajectory.ts'

export interface FollowedChunk {
  readonly chunk: ActionChunk
  readonly trajectory: ChunkTrajectory
  readonly observedUs: number
  /** Executed time at the chunk's step 0. */
  readonly originUs: number
  /** True for the chunk a run began with, whose observation is older than the run. */
  readonly isFirst: boolean
}

const endOf = ({ originUs, trajectory }: FollowedChunk): number => originUs + trajectory.durationUs
/** Chunks that an ensemble remembers at most; more than cover any moment at a sane rate. */
const mostChunks = 16

export class ChunkCourse {
  private readonly joinUs: number
  /** Oldest first; more than one only in an ensemble. */
  private chunks: readonly FollowedChunk[] = []
  private join: DecayingOffset | null = null
  private joinedUs = 0
  private decay: number | null = null

  constructor(joinUs: number) {
    this.joinUs = joinUs
  }

  get newest(): FollowedChunk | null {
    return this.chunks.at(-1) ?? null
  }

  /** Executed time left in the newest chunk; −∞ where there is none. */
  remainingUs(clockUs: number): number {
    const { newest } = this
    return newest === null ? Number.NEGATIVE_INFINITY : endOf(newest) - clockUs
  }

  /** Where the policy wants the arm, or null past the end of everything. */
  at(clockUs: number): CurvePoint | null {
    const point = this.planned(clockUs)
    return point === null || this.join === null ? point : this.join.apply(point, clockUs - this.joinedUs)
  }

  /** @param present where the output is now. @returns the distance bridged, program units */
  follow(next: FollowedChunk, present: CurvePoint, clockUs: number): number {
    const kept = this.decay === null ? [] : this.chunks.filter((chunk) => endOf(chunk) >= clockUs)
    this.chunks = [...kept, next].slice(-mostChunks)
    return this.bridge(present, clockUs)
  }

  /** Weighs all chunks that cover a moment, or follows the newest alone (null); nothing moves by the change. */
  weigh(decay: number | null, clockUs: number): void {
    if (decay === this.decay) return
    const present = this.at(clockUs)
    this.decay = decay
    if (decay === null) this.chunks = this.chunks.slice(-1)
    if (present !== null) this.bridge(present, clockUs)
  }

  /** Lets go of chunks that have ended, without a step in the output. */
  expire(clockUs: number): void {
    if (this.chunks.length < 2 || this.chunks.every((chunk) => endOf(chunk) >= clockUs)) return
    const present = this.at(clockUs)
    this.chunks = this.chunks.filter(
      (chunk, index) => endOf(chunk) >= clockUs || index === this.chunks.length - 1,
    )
    if (present !== null) this.bridge(present, clockUs)
  }

  clear(): void {
    this.chunks = []
    this.join = null
  }

  private bridge(present: CurvePoint, clockUs: number): number {
    const planned = this.planned(clockUs)
    if (planned === null) return 0
    this.join = new DecayingOffset(present, planned, this.joinUs)
    this.joinedUs = clockUs
    return this.join.jump
  }

  private planned(clockUs: number): CurvePoint | null {
    const { newest } = this
    if (newest === null || endOf(newest) < clockUs) return null
    if (this.decay === null) return newest.trajectory.at(clockUs - newest.originUs)
    return weighted(
      this.chunks.map(({ trajectory, originUs }) => trajectory.at(clockUs - originUs)),
      this.decay,
    )
  }
}

/** Σ wᵢ·pᵢ / Σ wᵢ with wᵢ = exp(−decay·i), i = 0 the oldest (temporal ensembling of ACT, spec/internvla-a1.md §6.1). */
function weighted(points: readonly CurvePoint[], decay: number): CurvePoint {
  const weights = points.map((_, index) => Math.exp(-decay * index))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const mean = (of: (point: CurvePoint) => readonly number[]): number[] =>
    (points[0] === undefined ? [] : of(points[0])).map(
      (_, joint) =>
        points.reduce((total, point, index) => total + (weights[index] ?? 0) * (of(point)[joint] ?? 0), 0) /
        sum,
    )
  return { position: mean(({ position }) => position), velocity: mean(({ velocity }) => velocity) }
}
