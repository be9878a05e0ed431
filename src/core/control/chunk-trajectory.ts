/**
 * A chunk as a curve through its steps: C¹-continuous, and between two steps never outside them (monotone cubic
 * Hermite, Fritsch & Carlson's condition met by harmonic-mean slopes). It ends at its last step; there is no extrapolation.
 */
import type { JointVector } from '../arm/arm-profile.ts'
import type { ActionChunk } from './chunk.ts'

/** Where the curve is, and how fast it moves. Velocities are per second. */
export interface CurvePoint {
  readonly position: number[]
  readonly velocity: number[]
}

export class ChunkTrajectory {
  readonly stepUs: number
  readonly durationUs: number
  private readonly steps: readonly JointVector[]
  /** Slope at each step, per step. */
  private readonly slopes: readonly JointVector[]

  constructor(chunk: ActionChunk) {
    this.stepUs = chunk.stepUs
    this.steps = chunk.steps
    this.durationUs = (chunk.steps.length - 1) * chunk.stepUs
    this.slopes = chunk.steps.map((_, index) => slopesAt(chunk.steps, index))
  }

  /** The curve `elapsedUs` after the observation, which the caller keeps within 0…`durationUs`. */
  at(elapsedUs: number): CurvePoint {
    const last = this.steps.length - 1
    const phase = Math.min(Math.max(elapsedUs / this.stepUs, 0), last)
    const index = Math.min(Math.floor(phase), Math.max(last - 1, 0))
    const t = phase - index
    const [from, to] = [this.steps[index] ?? [], this.steps[index + 1] ?? this.steps[index] ?? []]
    const [slopeFrom, slopeTo] = [
      this.slopes[index] ?? [],
      this.slopes[index + 1] ?? this.slopes[index] ?? [],
    ]
    const stepsPerSecond = 1e6 / this.stepUs
    const position: number[] = []
    const velocity: number[] = []
    for (let joint = 0; joint < from.length; joint++) {
      const a = from[joint] ?? 0
      const b = to[joint] ?? 0
      const m = slopeFrom[joint] ?? 0
      const n = slopeTo[joint] ?? 0
      const rise = b - a
      // Hermite form written as a + m·t + …: exact at both ends.
      const c2 = 3 * rise - 2 * m - n
      const c3 = m + n - 2 * rise
      position.push(t === 1 ? b : a + t * (m + t * (c2 + t * c3)))
      velocity.push((m + t * (2 * c2 + 3 * t * c3)) * stepsPerSecond)
    }
    return { position, velocity }
  }
}

/** Zero at a turning point, else the harmonic mean of the two neighbouring rises; one-sided at the ends. */
function slopesAt(steps: readonly JointVector[], index: number): JointVector {
  const here = steps[index] ?? []
  const before = steps[index - 1]
  const after = steps[index + 1]
  return here.map((value, joint) => {
    const left = before === undefined ? null : value - (before[joint] ?? value)
    const right = after === undefined ? null : (after[joint] ?? value) - value
    if (left === null || right === null) return right ?? left ?? 0
    return left * right <= 0 ? 0 : (2 * left * right) / (left + right)
  })
}
