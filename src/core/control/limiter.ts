/**
 * The one limiter: turns the pose a source wants into the next set-point of each joint. Invariants, to floating
 * tolerance: speed never above the limit (or falling towards it), change of speed never above acceleration·dt, position
 * never outside the range, and a target that rests is reached without overshoot. Works for any, also varying, dt.
 */
import type { JointLimits } from './limit-sets.ts'

/** A commanded set-point: position in program units and its rate per second. */
export interface SetPoint {
  readonly position: number
  readonly velocity: number
}

/**
 * The fastest speed at which a joint may leave this tick so that, after moving on for `dtS`, it can still stop within
 * `distance`: solves v·dt + v²/(2a) = distance. Later ticks may have any length, because a joint that slows first and
 * moves after never needs more than v²/(2a).
 */
export function brakingSpeed(distance: number, acceleration: number, dtS: number): number {
  if (distance <= 0) return 0
  const ramp = acceleration * dtS
  // The rationalised root: no cancellation when the distance is tiny.
  return (2 * acceleration * distance) / (ramp + Math.sqrt(ramp * ramp + 2 * acceleration * distance))
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/**
 * One joint, one tick.
 * @param from the previous set-point
 * @param target wanted position; clamped into the range
 * @param targetVelocity how fast the target itself moves; 0 for one that rests. A target that moves within the limits is
 *   followed without lag.
 */
export function limitJoint(
  from: SetPoint,
  target: number,
  targetVelocity: number,
  limits: JointLimits,
  dtS: number,
): SetPoint {
  if (!(dtS > 0)) return from
  const ramp = limits.acceleration * dtS
  const goal = clamp(target, limits.lower, limits.upper)
  const isBeyond = goal !== target
  const drift = isBeyond ? 0 : clamp(targetVelocity, -limits.velocity, limits.velocity)
  const gap = goal - from.position - drift * dtS
  const wanted = drift + Math.sign(gap) * brakingSpeed(Math.abs(gap), limits.acceleration, dtS)

  const slowest = from.velocity - ramp
  const fastest = from.velocity + ramp
  const cappedHigh = Math.min(
    limits.velocity,
    brakingSpeed(limits.upper - from.position, limits.endBraking, dtS),
  )
  const cappedLow = -Math.min(
    limits.velocity,
    brakingSpeed(from.position - limits.lower, limits.endBraking, dtS),
  )
  const high = Math.max(slowest, Math.min(fastest, cappedHigh))
  const low = Math.min(fastest, Math.max(slowest, cappedLow))
  const velocity = clamp(wanted, Math.min(low, high), high)
  // Rounding alone could carry the sum past an end; a set-point that began outside may only come back in.
  const position = clamp(
    from.position + velocity * dtS,
    Math.min(limits.lower, from.position),
    Math.max(limits.upper, from.position),
  )
  return { position, velocity }
}

/** Slows one joint to rest as fast as the limits allow, wherever that is. */
export function brakeJoint(from: SetPoint, limits: JointLimits, dtS: number): SetPoint {
  if (!(dtS > 0)) return from
  const ramp = limits.acceleration * dtS
  const velocity = Math.abs(from.velocity) <= ramp ? 0 : from.velocity - Math.sign(from.velocity) * ramp
  return { position: clamp(from.position + velocity * dtS, limits.lower, limits.upper), velocity }
}

/** Whether a joint moving like this could be put under `limits` now: slow enough, and able to stop inside the range. */
export function isWithin(state: SetPoint, limits: JointLimits): boolean {
  const room = state.velocity > 0 ? limits.upper - state.position : state.position - limits.lower
  const stopping = (state.velocity * state.velocity) / (2 * Math.min(limits.endBraking, limits.acceleration))
  return Math.abs(state.velocity) <= limits.velocity && (state.velocity === 0 || stopping <= room)
}
