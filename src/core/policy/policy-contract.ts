/**
 * What a policy needs from a rig and promises in return, whatever runs it: cameras, the order and units of state and
 * action, rate, chunk length. It is checked against the rig before the policy may command an arm.
 */

/**
 * Units a policy may speak (LeRobot's normalisation modes and SI). `range_m100_100` and `range_0_100` are percentages
 * of a joint's calibrated range; `unit` is 0…1 of it.
 */
export const policyUnits = ['rad', 'deg', 'range_m100_100', 'range_0_100', 'unit'] as const
export type PolicyUnit = (typeof policyUnits)[number]

/** One number of the state or action vector, in LeRobot's naming: `shoulder_pan.pos`. */
export interface FeatureSpec {
  readonly name: string
  readonly unit: PolicyUnit
}

export interface CameraSpec {
  readonly name: string
  readonly width: number
  readonly height: number
}

/** An input that is neither state nor picture, such as what only a simulator knows (`sim.red_cube_m`). */
export interface ExtraInputSpec {
  readonly name: string
  readonly size: number
  readonly unit: string
  readonly description: string
}

export interface PolicyContract {
  readonly name: string
  readonly kind: 'onnx'
  readonly description: string
  /** False for controllers written by hand; screens must say so. */
  readonly learned: boolean
  /** LeRobot robot types it was made for. */
  readonly robotTypes: readonly string[]
  readonly cameras: readonly CameraSpec[]
  readonly state: readonly FeatureSpec[]
  readonly action: readonly FeatureSpec[]
  /** Rate at which the steps of a chunk follow each other. */
  readonly fps: number
  readonly chunkLength: number
  readonly extraInputs: readonly ExtraInputSpec[]
}
