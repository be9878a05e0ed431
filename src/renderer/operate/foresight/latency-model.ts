/** From the light on the sensor to the goal on the bus, in the order the time is spent: only what was measured. And how much of it there may be. */
import type { DriveState } from '#contract/services/drive.ts'
import type { PolicyState } from '#contract/services/policy.ts'

export const latencyParts = ['captureAge', 'queue', 'preprocess', 'infer', 'network', 'bus'] as const
export type LatencyPart = (typeof latencyParts)[number]

export interface LatencyShare {
  readonly part: LatencyPart
  readonly ms: number
}

/** Medians of the last minute of the policy's stages, and the follower bus's round trip as told (its 99th percentile). */
export function latencyShares(
  policy: Pick<PolicyState, 'stages'> | null,
  drive: Pick<DriveState, 'follower'> | null,
): readonly LatencyShare[] {
  const busUs = drive?.follower?.bus.roundTripP99Us ?? null
  return latencyParts.flatMap((part) => {
    const ms = part === 'bus' ? (busUs === null ? null : busUs / 1000) : (policy?.stages[part]?.p50Ms ?? null)
    return ms === null || !Number.isFinite(ms) ? [] : [{ part, ms }]
  })
}

/** How long a chunk's actions last: an answer that takes longer leaves the arm without any, whatever joins the chunks. */
export function latencyBudgetMs(policy: Pick<PolicyState, 'loaded'> | null): number | null {
  const contract = policy?.loaded?.contract ?? null
  return contract === null ? null : (1000 * contract.chunkLength) / contract.fps
}
