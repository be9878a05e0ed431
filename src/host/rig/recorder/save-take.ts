/** Turns a take on disk into an episode of its dataset. Repeating it is harmless: a take is added once. */
import type { Outcome } from '#core/dataset/evidence.ts'
import type { Result } from '#core/result.ts'
import { appendEpisode, type AppendedEpisode } from '../../shared/dataset/append-episode.ts'
import { keepChunkNotes } from './keep-chunk-notes.ts'
import { episodeOfTake, loadTake } from './load-take.ts'

/** Codes: those of `loadTake`, `episodeOfTake` and `appendEpisode`. The take's folder stays as it is. */
export async function saveTakeFolder(folder: string, outcome: Outcome): Promise<Result<AppendedEpisode>> {
  const take = await loadTake(folder)
  if (!take.ok) return take
  const episode = await episodeOfTake(take.value, outcome)
  if (!episode.ok) return episode
  const kept = await keepChunkNotes(folder, take.value.meta)
  if (!kept.ok) return kept
  return await appendEpisode(take.value.meta.datasetDir, episode.value)
}
