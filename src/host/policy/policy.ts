/** The one interface of everything that turns observations into chunks, wherever its numbers are computed. */
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import type { Fault, Result } from '#core/result.ts'
import type { ChunkGuide, Precision } from '#contract/services/policy.ts'

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
  /** By camera name of the contract; a slot that the rig leaves empty is absent. */
  readonly pictures: Readonly<Record<string, Picture>>
  /** The same cameras `historyTicks` ago, or the oldest there is; empty for policies without a history. */
  readonly past: Readonly<Record<string, Picture>>
  /** The instruction, for policies that read one. */
  readonly task: string
  /** What is left of the running chunk, for policies that can be guided. */
  readonly guide: ChunkGuide | null
  /** Of the noise; null draws a new one. */
  readonly seed: number | null
}

/** Future actions in the policy's own units: row k is meant for k / fps after the observation. */
export interface PolicyChunk {
  readonly observationUs: number
  /** Row-major [length, width]; finite and plausible for their units. */
  readonly actions: Float32Array
  readonly length: number
  readonly width: number
  readonly inferMs: number
  /** With the observation it reproduces the chunk; null where no noise is drawn. */
  readonly seed: number | null
  readonly isGuided: boolean
  /** Measured parts, milliseconds: `preprocess`, `infer`. */
  readonly stagesMs: Readonly<Record<string, number>>
  /** What `foresee` decodes; null where the policy predicts no pictures or was not asked to. */
  readonly hidden: Float32Array | null
}

/** Pictures predicted for one moment, by camera of the contract. */
export interface PolicyForesight {
  /** Ticks after the observation. */
  readonly horizonTicks: number
  readonly views: readonly { readonly camera: string; readonly picture: Picture }[]
  readonly decodeMs: number
}

/** What a policy that sees wants to be shown. */
export interface PictureNeed {
  /** Pad-resized to this square, or at each camera's own size in the contract when null. */
  readonly side: number | null
  /** Policy ticks between the two pictures of a view; 0 for the present one alone. */
  readonly historyTicks: number
}

export interface Policy extends AsyncDisposable {
  readonly contract: PolicyContract
  /** Where it computes, e.g. `cpu`. */
  readonly provider: string
  readonly precision: Precision | null
  /** Null for a policy without cameras. */
  readonly pictureNeed: PictureNeed | null
  /** A state that the policy knows, for warming up and measuring; zeros where absent. */
  readonly neutralState?: Float32Array
  /** Ids of the processes that compute for it, for memory figures. */
  readonly processIds: readonly number[]
  /** Makes the first real inference as fast as the later ones, and tells how fast that is. Fails as `infer` does. */
  warmUp(): Promise<Result<{ readonly inferMs: number }>>
  /**
   * One at a time. Fails with `policy/wrong-shape` (input or output), `policy/not-finite`, `policy/out-of-range`,
   * `policy/load-failed` (the runtime gave up), `policy/runner-died`, `policy/provider-failed` or `policy/bad-instruction`.
   */
  infer(observation: Observation): Promise<Result<PolicyChunk>>
  /** Settles when the process that computes is gone unasked; absent where nothing of that kind can happen. */
  readonly ended?: Promise<Fault>
  /** Decodes a chunk's `hidden`, beside `infer` and never in its way; null for policies without foresight. */
  readonly foresee: ((hidden: Float32Array) => Promise<Result<PolicyForesight>>) | null
}
