/**
 * A first chunk of an imported policy on the CPU, in every form it was imported in: whether its numbers are finite and
 * where training has been, and how far the forms lie apart. Models that would take minutes are left to their first load,
 * which computes the same chunk and refuses the same.
 */
import { fail, FaultError, ok, type Result } from '#core/result.ts'
import type { ImportReport } from '#contract/services/policy-import.ts'
import type { Precision, ProviderStatus } from '#contract/services/policy.ts'
import { actionSpace, openInternVlaPolicy } from '../internvla/open-internvla-policy.ts'
import { profileOf, type InternVlaDescription } from '../internvla/internvla-description.ts'
import { neutralObservation } from '../neutral-observation.ts'
import { ProviderDesk } from '../providers/provider-desk.ts'
import { describeImported } from './describe-imported.ts'

export type SelfCheck = ImportReport['selfChecks'][number]
/** @param folder of the imported policy. @throws what `signal` was aborted with, and a fault of the disk */
export type TrialRun = (folder: string, signal: AbortSignal) => Promise<readonly SelfCheck[]>

/** Beyond this an import would not be done in seconds. */
const limitBytes = 1.5e9
/** Largest difference of a converted form's actions, in deviations of the training data, that is no warning. */
const usual: Readonly<Record<Precision, number>> = { fp32: 0, fp16: 0.01, int8: 0.2, int4: 1 }

const justCpu = new ProviderDesk([], (name) =>
  Promise.resolve<ProviderStatus>({
    name,
    status: name === 'cpu' ? 'works' : 'untried',
    why: 'untried',
    detail: '',
  }),
)

export const trialRun =
  (resourcesDir: string): TrialRun =>
  async (folder, signal) => {
    const described = await describeImported(folder, resourcesDir)
    if (!described.ok) return [{ id: 'statistics', status: 'fail', detail: described.error.message }]
    const { offers } = described.value
    const bytes = Math.max(...offers.map(({ memoryBytes }) => memoryBytes ?? Infinity))
    if (bytes > limitBytes) {
      const size = `${(bytes / 1e9).toFixed(1)} GB`
      const detail = `a model of ${size} computes its first chunk when it is loaded, and is refused then if that is not plausible`
      return [{ id: 'statistics', status: 'skipped', detail }]
    }
    const chunks = new Map<Precision, Float32Array>()
    const lines: SelfCheck[] = []
    for (const { precision } of offers) {
      signal.throwIfAborted()
      const chunk = await firstChunk(described.value, precision)
      if (chunk.ok) chunks.set(precision, chunk.value)
      // The graph could not be written: the disk is at fault, and the policy would not load any better later.
      else if (chunk.error.code === 'shell/io') throw new FaultError(chunk.error)
      else lines.push(refused(precision, chunk.error.code, chunk.error.message))
    }
    if (chunks.size === offers.length) {
      const detail = 'a first chunk on grey pictures is finite and where the training data have been'
      lines.push({ id: 'statistics', status: 'ok', detail })
    }
    return [...lines, ...apart(described.value, chunks)]
  }

/** What is missing on this machine is no fault of the model. */
const refused = (precision: Precision, code: string, message: string): SelfCheck => ({
  id: 'statistics',
  status: code === 'policy/no-tokenizer' || code === 'policy/no-memory' ? 'skipped' : 'fail',
  detail: `${precision}: ${message}`,
})

async function firstChunk(
  description: InternVlaDescription,
  precision: Precision,
): Promise<Result<Float32Array>> {
  const settings = { provider: 'cpu', precision, robot: null, hasForesight: false } as const
  const opened = await openInternVlaPolicy(description, {
    settings,
    providers: justCpu,
    clock: () => performance.now() * 1000,
    log: null,
  })
  if (!opened.ok) return opened
  await using policy = opened.value
  if (policy.neutralState === undefined) return fail('contract/internal', 'the policy has no neutral state')
  const given = { state: policy.neutralState, task: 'move' }
  const chunk = await policy.infer(neutralObservation(policy.contract, policy.pictureNeed, 0, given))
  return chunk.ok ? ok(chunk.value.actions) : chunk
}

/** Every converted form against the stored one. */
function apart(
  description: InternVlaDescription,
  chunks: ReadonlyMap<Precision, Float32Array>,
): readonly SelfCheck[] {
  const exact = chunks.get('fp32')
  const space = actionSpace(description, description.robot, profileOf(description, description.robot).profile)
  if (exact === undefined || !space.ok) return []
  const { std } = space.value.action
  return [...chunks].flatMap(([precision, actions]): SelfCheck[] => {
    if (precision === 'fp32') return []
    let largest = 0
    for (const [index, value] of exact.entries()) {
      const deviation = std[index % std.length] ?? 0
      if (deviation > 0)
        largest = Math.max(largest, Math.abs(value - (actions[index] ?? Number.NaN)) / deviation)
    }
    const status = largest <= usual[precision] ? 'ok' : 'warn'
    const detail = `${precision} and fp32 differ by at most ${largest.toPrecision(2)} deviations of the training data in a first chunk`
    return [{ id: 'precision', status, detail }]
  })
}
