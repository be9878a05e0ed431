/** Whether a model fits into what is free, before a session is opened; and whether its weights fit twice. */
import type { ProviderName } from '#contract/services/policy.ts'
import { ok, type Result } from '#core/result.ts'
import { checkMemory } from '../providers/free-memory.ts'
import type { ModelSource } from './model-source.ts'

export interface Room {
  /** Rearranged weights are a second copy in memory, for about a twelfth of the time (spec/internvla-a1.md §4.3). */
  readonly forPrepacking: boolean
}

/**
 * @param noted what an import reckoned, null to reckon now
 * Fails with `policy/no-memory`, or as the source does.
 */
export async function roomFor(
  source: ModelSource,
  provider: ProviderName,
  noted: number | null,
): Promise<Result<Room>> {
  const bytes = noted ?? (await source.expectedBytes?.()) ?? null
  if (bytes === null) return ok({ forPrepacking: true })
  if (typeof bytes !== 'number' && !bytes.ok) return bytes
  const needed = typeof bytes === 'number' ? bytes : bytes.value
  const fits = await checkMemory(provider, needed)
  if (!fits.ok) return fits
  return ok({ forPrepacking: (await checkMemory('cpu', 2 * needed)).ok })
}
