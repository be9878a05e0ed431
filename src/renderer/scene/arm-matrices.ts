/** Joint angles to link placements for three.js, through the program's own kinematics. */
import { Matrix4 } from 'three'
import type { JointVector } from '#core/arm/arm-profile.ts'
import { linkPoses, type Pose } from '#core/arm/kinematics.ts'
import type { So101LinkName } from '#core/arm/so101-geometry.ts'

export function matrixOf({ positionM: [x, y, z], rotation: r }: Pose): Matrix4 {
  // prettier-ignore
  return new Matrix4().set(
    r[0], r[1], r[2], x,
    r[3], r[4], r[5], y,
    r[6], r[7], r[8], z,
    0, 0, 0, 1,
  )
}

/** Every link's placement in the arm's base frame. */
export function linkMatrices(joints: JointVector): ReadonlyMap<So101LinkName, Matrix4> {
  const poses = linkPoses(joints)
  return new Map(
    Object.entries(poses).map(([name, pose]) => [name as So101LinkName, matrixOf(pose)] as const),
  )
}

/** True when every joint has a value, i.e. the vector can be drawn. */
export const isDrawable = (joints: JointVector | null): joints is JointVector =>
  joints !== null && joints.length >= 6 && joints.every(Number.isFinite)
