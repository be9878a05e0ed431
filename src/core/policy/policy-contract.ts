/**
 * What a policy needs from a rig and promises in return, whatever runs it: cameras, the order and units of state and
 * action, rate, chunk length. It is checked against the rig before the policy may command an arm.
 */

/**
 * Units of state and action, those of a LeRobot dataset: body joints in degrees, ±100 of the calibrated range, or
 * radians; grippers in 0…100 or 0…1 (closed…open). `native` is what a robot's own driver speaks where nothing more is
 * known: it can be compared and shown, but not converted.
 */
export const policyUnits = [
  'degrees',
  'range_m100_100',
  'radians',
  'range_0_100',
  'range_0_1',
  'native',
] as const
export type PolicyUnit = (typeof policyUnits)[number]

/** One number of the state or action vector, in LeRobot's naming: `shoulder_pan.pos`. */
export interface Channel {
  readonly name: string
  readonly unit: PolicyUnit
}

export interface CameraSpec {
  readonly name: string
  readonly width: number
  readonly height: number
}

/** An input that is neither state nor picture, such as what only a simulator knows (`sim.red_cube_m`). */
export interface ExtraSpec {
  readonly name: string
  readonly shape: readonly number[]
}

export interface PolicyContract {
  /** LeRobot's robot type, or null where any will do. */
  readonly robotType: string | null
  readonly cameras: readonly CameraSpec[]
  readonly state: readonly Channel[]
  readonly action: readonly Channel[]
  /** Rate at which the steps of a chunk follow each other. */
  readonly fps: number
  readonly chunkLength: number
  readonly extras: readonly ExtraSpec[]
}

/** Name of a channel's joint in a robot profile. */
export const jointOf = (channel: { readonly name: string }): string => channel.name.replace(/\.pos$/, '')
