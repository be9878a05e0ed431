/** `foresight policy bench`: how long each stage of a policy takes on this machine. */
import { bucketFromMs, histogramText, type LatencyHistogram } from '#core/policy/latency-histogram.ts'
import type { LatencySummary } from '#host/policy/latency-window.ts'
import { runBench } from '#host/policy/bench.ts'
import { summariseTimes } from '#host/policy/latency-window.ts'
import { providerName, precision, type PolicySettings } from '#contract/services/policy.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import type { CliCommand } from '../command.ts'
import { findPolicy } from '../policy/find-policy.ts'
import { openNamedPolicy } from '../policy/open-named-policy.ts'
import { readNumber, readOptions } from '../read-options.ts'

const defaultRuns = 20

export const policyBenchCommand: CliCommand = {
  name: 'policy bench',
  summary: 'measure the stages of a policy on this machine',
  usage: [
    'foresight policy bench POLICY [--runs N] [--provider P] [--precision P] [--json]',
    '',
    'POLICY         an id from `foresight policy list`, or a folder of a policy',
    `--runs N       inferences to measure after the warm-up (${defaultRuns})`,
    '--provider P   cpu, webgpu, cuda, dml or coreml instead of the one chosen for the policy',
    '--precision P  fp32, fp16, int8 or int4 likewise',
  ].join('\n'),
  run: async (args, io) => {
    const read = readOptions(args, { runs: 'value', provider: 'value', precision: 'value' })
    if (typeof read === 'string') return io.misuse(read)
    const [name, ...rest] = read.positionals
    if (name === undefined) return io.misuse('which policy?')
    if (rest.length > 0) return io.misuse(`unexpected ${rest.join(' ')}`)
    const runs = readNumber(read.values['runs'], 'runs', { min: 1, max: 1000, isInteger: true })
    if (typeof runs === 'string') return io.misuse(runs)
    const changes = settingsChanges(read.values)
    if (typeof changes === 'string') return io.misuse(changes)
    const found = await findPolicy(name, io)
    if (!found.ok) return io.fail(found.error)
    const startUs = machineClockUs()
    const opened = await openNamedPolicy(found.value, io, changes)
    if (!opened.ok) return io.fail(opened.error)
    await using policy = opened.value.policy
    const loadMs = (machineClockUs() - startUs) / 1000
    const warmed = await policy.warmUp()
    if (!warmed.ok) return io.fail(warmed.error)
    const result = await runBench(policy, runs ?? defaultRuns, io.signal)
    if (!result.ok) return io.fail(result.error)
    const stages = Object.fromEntries(
      Object.entries(result.value.stages).map(([stage, times]) => [stage, summariseTimes(times)]),
    )
    const { provider } = result.value
    io.answer({ id: found.value.id, provider, precision: policy.precision, loadMs, stages }, () =>
      [
        `${provider}${policy.precision === null ? '' : ` ${policy.precision}`}, loaded in ${(loadMs / 1000).toFixed(2)} s, ${runs ?? defaultRuns} runs`,
        ...Object.entries(stages).map(([stage, summary]) => stageText(stage, summary)),
      ].join('\n'),
    )
    return 0
  },
}

/** Provider and precision of the command line, or what is wrong with them. */
export function settingsChanges(
  values: Readonly<Record<string, string | undefined>>,
): Partial<PolicySettings> | string {
  const changes: Partial<PolicySettings> = {}
  const { provider, precision: exactness } = values
  if (provider !== undefined) {
    const parsed = providerName.safeParse(provider)
    if (!parsed.success) return `--provider ${provider}: one of ${providerName.options.join(', ')}`
    changes.provider = parsed.data
  }
  if (exactness !== undefined) {
    const parsed = precision.safeParse(exactness)
    if (!parsed.success) return `--precision ${exactness}: one of ${precision.options.join(', ')}`
    changes.precision = parsed.data
  }
  return changes
}

const stageText = (stage: string, { p50Ms, p99Ms, maxMs, histogram }: LatencySummary): string =>
  `${stage.padEnd(12)} median ${p50Ms.toFixed(1)} ms, 99 % ${p99Ms.toFixed(1)} ms, worst ${maxMs.toFixed(1)} ms  ${rangeText(histogram)}`

/** The shape between its edges, on an axis that doubles every four marks. */
const rangeText = (histogram: LatencyHistogram): string => {
  const end = histogram.first + histogram.counts.length
  return `${bucketFromMs(histogram.first).toFixed(1)} ${histogramText(histogram)} ${bucketFromMs(end).toFixed(1)} ms`
}
