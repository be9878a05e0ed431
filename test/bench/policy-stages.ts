/** What one call of a policy costs by stage, through the runner's own process: the tiny InternVLA-A1 on this CPU. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { unwrap } from '#core/result.ts'
import { runBench } from '#host/policy/bench.ts'
import { summariseTimes } from '#host/policy/latency-window.ts'
import { openStoredPolicy } from '#host/policy/open-policy.ts'
import { readPolicy } from '#host/policy/policy-store.ts'
import { ProviderDesk } from '#host/policy/providers/provider-desk.ts'
import { defaultPolicySettings } from '#host/policy/settings-store.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import { writeSoCheckpoint } from '../e2e/harness/so-checkpoint.ts'
import type { Figure } from './report.ts'

const runs = 20
const resourcesDir = resolve(import.meta.dirname, '..', '..', 'resources')

export async function benchStages(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'foresight-stages-'))
  try {
    await writeSoCheckpoint(folder)
    const stored = await readPolicy('tiny', folder, resourcesDir)
    const settings = { ...defaultPolicySettings, provider: 'cpu' as const, precision: 'fp32' as const }
    const options = { settings, providers: new ProviderDesk([]), clock: machineClockUs, log: null }
    await using policy = unwrap(await openStoredPolicy(stored, options))
    unwrap(await policy.warmUp())
    const { stages } = unwrap(await runBench(policy, runs, new AbortController().signal))
    return Object.entries(stages).map(([stage, times]) => {
      const { p50Ms, p99Ms } = summariseTimes(times)
      const note = `p99 ${p99Ms.toFixed(1)} ms, tiny InternVLA-A1, ${policy.provider}`
      return { name: `policy: ${stage}`, value: p50Ms, unit: 'ms', note }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
