/** Chunks of future actions, and the port through which the executor asks for them. */
import type { JointVector } from '../arm/arm-profile.ts'
import type { Fault, Result } from '../result.ts'

/** What a policy is asked about: one moment of the arm. */
export interface ChunkObservation {
  /** Rises by one with every request. */
  readonly id: number
  /** Machine-monotonic time at which the arm was read. */
  readonly timeUs: number
  /** Measured pose, program units. */
  readonly position: JointVector
  /** The goal that was in force at that moment, program units. */
  readonly commanded: JointVector
}

/** Absolute joint targets, program units. Step k is meant for `stepUs · k` after the observation. */
export interface ActionChunk {
  readonly stepUs: number
  readonly steps: readonly JointVector[]
}

export interface ChunkReply {
  /** Of the observation it answers. */
  readonly id: number
  readonly result: Result<ActionChunk>
}

/**
 * Whoever fetches chunks: in the program the link to the policy host, in tests a script. It never blocks; the executor
 * has at most one request outstanding.
 */
export interface ChunkRequester extends Disposable {
  /** Reasons why no chunk can be had at all: not loaded, not warm, contract not met, host down. Empty means ready. */
  faults(): readonly Fault[]
  request(observation: ChunkObservation): void
  /** Replies that arrived since the last call, oldest first. */
  poll(): readonly ChunkReply[]
  /** The outstanding request is of no interest any more. */
  cancel(): void
}
