/** The SO-101's joints as the physics sees them: angles in radians throughout, the gripper's jaw included. */
import { jawRadOf } from '#core/arm/kinematics.ts'
import type { JointSpec } from '#core/arm/arm-profile.ts'
import { so101JawRad } from '#core/arm/so101-geometry.ts'
import { so101Follower } from '#core/arm/so101-profile.ts'

export const joints: readonly JointSpec[] = so101Follower.joints
export const jointNames: readonly string[] = joints.map((joint) => joint.name)

const toRad = (joint: JointSpec, value: number): number =>
  joint.kind === 'gripper' ? jawRadOf(value) : value

/** Mechanical range, radians. */
export const rangeRad = (joint: JointSpec): readonly [number, number] => [
  toRad(joint, joint.lower),
  toRad(joint, joint.upper),
]

/** The angle that a calibrated servo reads as the middle of its turn: zero, and half open for the gripper. */
export const middleRad = (joint: JointSpec): number =>
  joint.kind === 'gripper' ? (so101JawRad.closed + so101JawRad.open) / 2 : 0

/** Physics angles of a joint vector in program units. */
export const anglesOf = (position: readonly number[]): number[] =>
  joints.map((joint, index) => toRad(joint, position[index] ?? 0))

/** Joint vector in program units of physics angles. */
export const positionOf = (anglesRad: ArrayLike<number>): number[] =>
  joints.map((joint, index) => {
    const angle = anglesRad[index] ?? 0
    return joint.kind === 'gripper' ? (angle - so101JawRad.closed) / joint.radPerUnit : angle
  })
