/** The executor's figures and its plan as the contract has them. */
import type { ChunkExecutorStats } from '#core/control/chunk-executor.ts'
import type { ChunkPlan } from '#core/control/chunk-plan.ts'
import type { ExecutorSettings } from '#core/control/executor-settings.ts'
import type { ExecutorState, PlanMessage } from '#contract/services/drive.ts'

const milliseconds = (us: number | null): number | null => (us === null ? null : us / 1000)

export const executorStateOf = (settings: ExecutorSettings, stats: ChunkExecutorStats): ExecutorState => ({
  settings,
  delayP50Ms: milliseconds(stats.delayP50Us),
  delayP95Ms: milliseconds(stats.delayP95Us),
  lastJump: stats.lastJump,
  largestJump: stats.largestJump,
  trackingRad: stats.trackingRad,
  stalenessMs: milliseconds(stats.stalenessUs),
  remainingMs: milliseconds(stats.remainingUs),
  chunks: stats.chunks,
  late: stats.late,
  failures: stats.failures,
  guidedShare: stats.guidedShare,
  stagesMs: { ...stats.stagesMs },
})

export function planMessageOf(plan: ChunkPlan | null): PlanMessage | null {
  if (plan === null) return null
  return {
    chunkId: plan.chunkId,
    length: plan.length,
    joints: plan.steps[0]?.length ?? 0,
    timesUs: Float64Array.from(plan.timesUs),
    values: Float32Array.from(plan.steps.flat()),
  }
}
