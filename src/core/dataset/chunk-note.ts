/**
 * One chunk of a policy that was followed during a take. Kept beside the episode, a line of JSON each, so that any of them can
 * be computed again: the row gives the pictures, the question everything else, the seed the noise.
 */
import type { ChunkQuestion } from '../control/chunk.ts'

export interface ChunkNote {
  readonly chunkId: number
  readonly policyId: string
  /** Row of the episode whose time is nearest to the observation; negative before the first. */
  readonly frame: number
  /** Machine clock of the observation. */
  readonly observationUs: number
  /** Null where the policy draws no noise. */
  readonly seed: number | null
  /** It continued the chunk before it, whose left-over was part of its input. */
  readonly isGuided: boolean
  /** Its state is exact, where rows of the episode lie on their grid; its guide depended on what was executed by then. */
  readonly question?: ChunkQuestion
}

/** Folder of a dataset with one file a take, `<take id>.jsonl`. LeRobot does not look there. */
export const chunkNotesFolder = 'meta/foresight-chunks'
