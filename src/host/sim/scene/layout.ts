/**
 * Where things stand on the simulated table. World frame = the follower's base frame (x forward, y left, z up, table top
 * at z = 0), so a cube's world position is what `sim.red_cube_m` says.
 */
import type { Vec3 } from '#core/arm/so101-geometry.ts'

export const armNames = ['leader', 'follower'] as const
export type ArmName = (typeof armNames)[number]

export const armBaseM: Readonly<Record<ArmName, Vec3>> = { leader: [0, 0.55, 0], follower: [0, 0, 0] }

export const cubeNames = ['red', 'green', 'yellow'] as const
export type CubeName = (typeof cubeNames)[number]

export const cubeHalfM = 0.0125

/** Where the cubes stand after a reset without a seed. */
export const cubeStartM: Readonly<Record<CubeName, Vec3>> = {
  red: [0.235, 0.055, cubeHalfM],
  green: [0.265, -0.03, cubeHalfM],
  yellow: [0.19, 0.125, cubeHalfM],
}

/** Part of the table that a seeded reset spreads the cubes over: within the follower's reach, clear of the bin. */
export const cubeArea = { xM: [0.17, 0.25], yM: [-0.05, 0.13], apartM: 0.055 } as const

/** The bin, open at the top. */
export const bin = { centreM: [0.19, -0.19] as const, innerHalfM: 0.055, wallHalfM: 0.003, heightM: 0.04 }

/** True when a cube at this position lies in the bin: inside its walls and below its rim. */
export const isInBin = (position: Vec3): boolean =>
  Math.abs(position[0] - bin.centreM[0]) < bin.innerHalfM &&
  Math.abs(position[1] - bin.centreM[1]) < bin.innerHalfM &&
  position[2] < bin.heightM

/** The arm folded on itself, as arms are left at the end of a day; program units. Stable without torque. */
export const restPose: readonly number[] = [0, -1.7, 1.62, 1.1, 0, 0.05]
