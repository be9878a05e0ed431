/**
 * How far apart leader and follower are, joint by joint, and whether they are close enough for the hand to drive.
 * Gaps are radians of servo travel, so that one tolerance fits revolute joints and grippers.
 */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'

export interface Gaps {
  /** leader − follower per joint, radians of servo travel. */
  readonly radians: readonly number[]
  /** Index of the joint that is furthest away. */
  readonly worstJoint: number
  readonly worstRad: number
}

/** The leader's pose as the follower can take it: clamped into the follower's range. */
export const reachable = (profile: ArmProfile, pose: JointVector): JointVector =>
  profile.joints.map((joint, index) =>
    Math.min(Math.max(pose[index] ?? joint.lower, joint.lower), joint.upper),
  )

export function gapsBetween(profile: ArmProfile, leader: JointVector, follower: JointVector): Gaps {
  const radians = profile.joints.map(
    (joint, index) => ((leader[index] ?? 0) - (follower[index] ?? 0)) * joint.radPerUnit,
  )
  let worstJoint = 0
  let worstRad = 0
  for (const [index, gap] of radians.entries()) {
    if (Math.abs(gap) <= worstRad) continue
    worstJoint = index
    worstRad = Math.abs(gap)
  }
  return { radians, worstJoint, worstRad }
}
