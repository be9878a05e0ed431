/** Chunks of future actions, and the port through which the executor asks for them. */
import type { JointVector } from '../arm/arm-profile.ts'
import type { RtcSchedule } from '../policy/internvla/rtc.ts'
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
  /** What the next chunk shall continue, or null where it need not. */
  readonly leftOver: ChunkLeftOver | null
}

/** What is left of the running chunk, on the policy's own step grid: row 0 is due at the observation. */
export interface ChunkLeftOver {
  readonly steps: readonly JointVector[]
  /** Rows that will probably have been executed when the answer comes. */
  readonly delayRows: number
  /** Rows after which the new chunk is free. */
  readonly horizonRows: number
  readonly schedule: RtcSchedule
}

/** Where a chunk comes from: enough to make it again, and to say what it cost. */
export interface ChunkOrigin {
  readonly policyId: string
  readonly chunkId: number
  /** Of the noise; null where none is drawn. */
  readonly seed: number | null
  /** The policy followed what was left of the running chunk. */
  readonly isGuided: boolean
  /** Milliseconds by stage. */
  readonly stagesMs: Readonly<Record<string, number>>
  /** What the policy was asked, pictures left out; absent where a source keeps it to itself. */
  readonly question?: ChunkQuestion
}

/** Numbers in the policy's units and order, as they were sent. */
export interface ChunkQuestion {
  readonly task: string
  readonly state: readonly number[]
  /** By name, what it asked for beside state and pictures. */
  readonly extras: Readonly<Record<string, readonly number[]>>
  readonly guide: ChunkQuestionGuide | null
}

/** `ChunkLeftOver` as the policy had it. */
export interface ChunkQuestionGuide extends Omit<ChunkLeftOver, 'steps'> {
  /** Row-major [rows, action numbers], absolute. */
  readonly leftOver: readonly number[]
  readonly rows: number
}

/** Absolute joint targets, program units. Step k is meant for `stepUs · k` after the observation. */
export interface ActionChunk {
  readonly stepUs: number
  readonly steps: readonly JointVector[]
  readonly origin?: ChunkOrigin
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
