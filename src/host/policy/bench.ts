/** How fast the loaded policy is here: the same neutral input again and again, each stage's time kept. */
import { fail, ok, type Result } from '#core/result.ts'
import { machineClockUs } from '../shared/clock.ts'
import { neutralObservation } from './neutral-observation.ts'
import type { Policy } from './policy.ts'

export interface BenchResult {
  readonly provider: string
  /** Milliseconds, one number per run; `total` is the whole answer. */
  readonly stages: Record<string, Float64Array<ArrayBuffer>>
}

/** Fails as `infer` does, or with `contract/cancelled` between two runs. */
export async function runBench(
  policy: Policy,
  runs: number,
  signal: AbortSignal,
): Promise<Result<BenchResult>> {
  const stages = new Map<string, number[]>()
  const add = (stage: string, ms: number): void => {
    const times = stages.get(stage) ?? []
    stages.set(stage, times)
    times.push(ms)
  }
  for (let run = 0; run < runs; run++) {
    if (signal.aborted) return fail('contract/cancelled', `given up after ${run} of ${runs} runs`)
    const { contract, pictureNeed, neutralState } = policy
    const given = { task: 'move', ...(neutralState === undefined ? {} : { state: neutralState }) }
    const observation = neutralObservation(contract, pictureNeed, machineClockUs(), given)
    const chunk = await policy.infer(observation)
    if (!chunk.ok) return chunk
    const { hidden, inferMs, stagesMs } = chunk.value
    for (const [stage, ms] of Object.entries(stagesMs)) add(stage, ms)
    add('total', inferMs)
    if (hidden === null || policy.foresee === null) continue
    const foreseen = await policy.foresee(hidden)
    if (!foreseen.ok) return foreseen
    add('foresight', foreseen.value.decodeMs)
  }
  return ok({
    provider: policy.provider,
    stages: Object.fromEntries([...stages].map(([stage, ms]) => [stage, Float64Array.from(ms)])),
  })
}
