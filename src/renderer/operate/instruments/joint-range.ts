/** The range each joint's bar and plot spans: the robot profile's, so that it is the same in every session. */
import { so101Follower } from '#core/arm/so101-profile.ts'

export interface JointRange {
  readonly lower: number
  readonly upper: number
  readonly isGripper: boolean
}

const bySo101: ReadonlyMap<string, JointRange> = new Map(
  so101Follower.joints.map((joint) => [
    joint.name,
    { lower: joint.lower, upper: joint.upper, isGripper: joint.kind === 'gripper' },
  ]),
)

/** A joint no profile knows spans a full turn; a gripper 0…1. */
export function jointRange(joint: string): JointRange {
  const isGripper = joint.endsWith('gripper')
  return (
    bySo101.get(joint) ??
    (isGripper ? { lower: 0, upper: 1, isGripper } : { lower: -Math.PI, upper: Math.PI, isGripper })
  )
}

/** Where a value lies in a range, 0…1, clamped. */
export const fractionIn = (range: JointRange, value: number): number =>
  Math.min(1, Math.max(0, (value - range.lower) / (range.upper - range.lower)))
