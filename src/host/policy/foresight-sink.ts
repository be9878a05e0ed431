/** Who is told what a chunk predicts to be seen: it is published, and later compared with what came. */
import type { PolicyForesight } from './policy.ts'

export interface ForesightNote {
  readonly policyId: string
  readonly chunkId: number
  readonly observationUs: number
  /** Rate of the policy's ticks, in which `foresight.horizonTicks` counts. */
  readonly fps: number
  /** From the observation to the decoded pictures. */
  readonly readyMs: number
  readonly foresight: PolicyForesight
}

export interface ForesightSink {
  predicted(note: ForesightNote): void
}
