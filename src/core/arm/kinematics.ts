/**
 * Forward kinematics of the SO-101: where every link is, in the base frame, for a joint vector in program units. Frames
 * and signs are those of `so101-geometry.ts`.
 */
import type { JointVector } from './arm-profile.ts'
import { add, identityRotation, multiply, rotate, rotationAbout, type Rotation } from './rotation.ts'
import { so101JawRad, so101Links, so101ToolM, type So101LinkName, type Vec3 } from './so101-geometry.ts'

export interface Pose {
  readonly positionM: Vec3
  readonly rotation: Rotation
}

/** Joint order of `so101Follower`, as indices into a joint vector. */
const jointIndex: Readonly<Record<string, number>> = {
  shoulder_pan: 0,
  shoulder_lift: 1,
  elbow_flex: 2,
  wrist_flex: 3,
  wrist_roll: 4,
  gripper: 5,
}

/** Angle of the moving jaw at a gripper opening 0…1. */
export const jawRadOf = (opening: number): number =>
  so101JawRad.closed + opening * (so101JawRad.open - so101JawRad.closed)

/** The angle that a link's joint has in a joint vector; the gripper's opening becomes the jaw's angle. */
export function jointAngleRad(joint: string, position: JointVector): number {
  const value = position[jointIndex[joint] ?? -1]
  if (value === undefined) throw new RangeError(`joint ${joint} is not in the vector`)
  return joint === 'gripper' ? jawRadOf(value) : value
}

/** Poses of all links in the base frame. @throws RangeError when the vector is shorter than six */
export function linkPoses(position: JointVector): Readonly<Record<So101LinkName, Pose>> {
  const poses: Partial<Record<So101LinkName, Pose>> = {}
  for (const link of so101Links) {
    const parent = link.parent === null ? undefined : poses[link.parent]
    const rotation = parent?.rotation ?? identityRotation
    const turn =
      link.joint === null ? identityRotation : rotationAbout(link.axis, jointAngleRad(link.joint, position))
    poses[link.name] = {
      positionM: add(parent?.positionM ?? [0, 0, 0], rotate(rotation, link.offsetM)),
      rotation: multiply(rotation, turn),
    }
  }
  return poses as Record<So101LinkName, Pose>
}

/** Pose of the tool point, the end of the fixed finger; x of its rotation points out of the gripper. */
export function toolPose(position: JointVector): Pose {
  const { positionM, rotation } = linkPoses(position).gripper
  return { positionM: add(positionM, rotate(rotation, so101ToolM)), rotation }
}

/**
 * How far the gripper points below the horizontal: 0 forward, π/2 straight down. All three pitch joints turn about
 * parallel axes, so it is their sum and keeps counting past straight down.
 */
export const gripperPitchRad = (position: JointVector): number =>
  (position[1] ?? NaN) + (position[2] ?? NaN) + (position[3] ?? NaN)
