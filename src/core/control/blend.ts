/**
 * Bumpless hand-over: a new source starts from the commanded pose, whatever pose it asks for, and the gap closes along a
 * minimum-jerk curve under the hand-over limits. Invariant: the offset begins at the whole gap, ends at 0 and never grows.
 */
import type { JointVector } from '../arm/arm-profile.ts'
import type { JointLimits } from './limit-sets.ts'

/** Peak speed and acceleration of the minimum-jerk curve 10τ³ − 15τ⁴ + 6τ⁵ over unit time and distance. */
const peakSpeed = 1.875
const peakAcceleration = 10 / Math.sqrt(3)

export interface HandOver {
  readonly offset: JointVector
  readonly startUs: number
  readonly durationUs: number
}

/** Plans the closing of the gap between the commanded pose and what the new source asks for now. */
export function planHandOver(
  commanded: JointVector,
  requested: JointVector,
  limits: readonly JointLimits[],
  nowUs: number,
  minDurationUs = 0,
): HandOver {
  const offset = commanded.map((value, joint) => value - (requested[joint] ?? value))
  const seconds = offset.map((gap, joint) => {
    const limit = limits[joint]
    if (!limit || gap === 0) return 0
    const size = Math.abs(gap)
    return Math.max(
      (peakSpeed * size) / limit.velocity,
      Math.sqrt((peakAcceleration * size) / limit.acceleration),
    )
  })
  return { offset, startUs: nowUs, durationUs: Math.max(minDurationUs, 1e6 * Math.max(0, ...seconds)) }
}

/** Share of the gap that is still open, 1…0. */
export function openShare(handOver: HandOver, nowUs: number): number {
  if (handOver.durationUs <= 0) return 0
  const t = Math.min(Math.max((nowUs - handOver.startUs) / handOver.durationUs, 0), 1)
  return 1 - t * t * t * (10 - 15 * t + 6 * t * t)
}

/** What to follow now: the source's request shifted by what is left of the gap. */
export function handedOver(handOver: HandOver, requested: JointVector, nowUs: number): JointVector {
  const share = openShare(handOver, nowUs)
  return share === 0
    ? requested
    : requested.map((value, joint) => value + share * (handOver.offset[joint] ?? 0))
}

/** Microseconds until the gap is closed. */
export const handOverLeftUs = (handOver: HandOver, nowUs: number): number =>
  Math.max(0, handOver.startUs + handOver.durationUs - nowUs)
