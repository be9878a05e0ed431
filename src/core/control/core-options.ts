/** What a control core is built with; every default is DESIGN §4's or stated here. */
import type { ArmProfile } from '../arm/arm-profile.ts'
import { defaultLimitSets, type LimitSets } from './limit-sets.ts'
import { defaultWatchLimits, type WatchLimits } from './watch-limits.ts'

export interface ControlOptions {
  readonly follower: ArmProfile
  /** Null for a rig without a leader. */
  readonly leader: ArmProfile | null
  readonly periodUs: number
  readonly limitSets?: LimitSets
  readonly watchLimits?: WatchLimits
  /** Leader and follower closer than this, every joint, radians of servo travel: the hand may drive. */
  readonly alignToleranceRad?: number
  /** At a take-over the leader may be this far away; the rest of the gap closes under the hand-over limits. */
  readonly takeOverToleranceRad?: number
  /** A leader moved this far from where it was sent is a hand taking over. */
  readonly leaderMovedRad?: number
  /** Whether the leader's servos may be powered to mirror the follower in autonomy. */
  readonly isLeaderActuated?: boolean
  /** The leader was found powered: it is let go before a hand may drive with it. */
  readonly isLeaderHeld?: boolean
  /** Begin in `holding` with unknown torque: a former session left the arm powered. */
  readonly startHolding?: boolean
}

export type ResolvedControlOptions = Required<ControlOptions>

export const resolveControlOptions = (options: ControlOptions): ResolvedControlOptions => ({
  limitSets: defaultLimitSets,
  watchLimits: defaultWatchLimits,
  alignToleranceRad: 0.05,
  takeOverToleranceRad: 0.2,
  leaderMovedRad: 0.12,
  isLeaderActuated: true,
  isLeaderHeld: false,
  startHolding: false,
  ...options,
})
