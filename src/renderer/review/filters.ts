/** The list of episodes as shown: newest first, all or those that a reviewer looks for. */
import type { EpisodeSummary } from '#contract/services/library.ts'

export const filters = ['all', 'unlabelled', 'policy', 'failed'] as const
export type Filter = (typeof filters)[number]

const passes: Readonly<Record<Filter, (episode: EpisodeSummary) => boolean>> = {
  all: () => true,
  unlabelled: (episode) => episode.outcome === 'unlabelled',
  policy: (episode) => (episode.sourceSeconds?.policy ?? 0) > 0,
  failed: (episode) => episode.outcome === 'failure',
}

export const shownEpisodes = (
  episodes: readonly EpisodeSummary[] | null,
  filter: Filter,
): readonly EpisodeSummary[] => (episodes ?? []).filter(passes[filter]).toReversed()

export interface FilterCount {
  readonly filter: Filter
  readonly count: number
}

/** Filters that would show something, `all` first. */
export const filterCounts = (episodes: readonly EpisodeSummary[]): readonly FilterCount[] =>
  filters
    .map((filter) => ({ filter, count: episodes.filter(passes[filter]).length }))
    .filter(({ filter, count }) => filter === 'all' || count > 0)
