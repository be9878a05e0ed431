/** The one interface of everything that turns observations into chunks, wherever its numbers are computed. */
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import type { Result } from '#core/result.ts'

/** A picture as policies take it: RGB planes [3, height, width], 0…1. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly planes: Float32Array
}

export interface Observation {
  /** Machine clock at which the arm was read. */
  readonly timeUs: number
  /** The policy's own units and order. */
  readonly state: Float32Array
  readonly extras: Readonly<Record<string, Float32Array>>
  /** By camera name. */
  readonly pictures: Readonly<Record<string, Picture>>
  /** The instruction, for policies that read one. */
  readonly task: string
}

/** Future actions in the policy's own units: row k is meant for k / fps after the observation. */
export interface PolicyChunk {
  readonly observationUs: number
  /** Row-major [length, width]; finite and plausible for their units. */
  readonly actions: Float32Array
  readonly length: number
  readonly width: number
  readonly inferMs: number
}

export interface Policy extends AsyncDisposable {
  readonly contract: PolicyContract
  /** Where it computes, e.g. `cpu`. */
  readonly provider: string
  /** Makes the first real inference as fast as the later ones, and tells how fast that is. Fails as `infer` does. */
  warmUp(): Promise<Result<{ readonly inferMs: number }>>
  /**
   * One at a time. Fails with `policy/wrong-shape` (input or output), `policy/not-finite`, `policy/out-of-range` or
   * `policy/load-failed` (the runtime gave up).
   */
  infer(observation: Observation): Promise<Result<PolicyChunk>>
}
