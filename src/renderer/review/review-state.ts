/** What Review looks at: datasets, episodes of one of them, the selection, and the episode that is open. */
import { createStore, type StoreApi } from 'zustand'
import type { Outcome } from '#contract/services/common.ts'
import type { DatasetSummary, EpisodeSummary } from '#contract/services/library.ts'
import type { Fault } from '#core/result.ts'
import type { Filter } from './filters.ts'
import { noSelection, type Selection } from './selection.ts'

export interface ReviewState {
  /** Null until told. */
  readonly datasets: readonly DatasetSummary[] | null
  readonly datasetsFault: Fault | null
  readonly dir: string | null
  /** Of `dir`, in the order of the dataset; null until told. */
  readonly episodes: readonly EpisodeSummary[] | null
  readonly episodesFault: Fault | null
  readonly filter: Filter
  readonly selection: Selection
  /** Episode index of the open episode; null shows the library. */
  readonly open: number | null
  /** Grows when the open episode's number came to mean another one. */
  readonly edition: number
  /** How many episodes were just moved to the trash; null when nothing is offered to undo. */
  readonly trashed: { readonly count: number } | null
  /** The field for a folder's path is shown. */
  readonly isOpening: boolean
}

export type ReviewStore = StoreApi<ReviewState>

export const createReviewStore = (): ReviewStore =>
  createStore<ReviewState>(() => ({
    datasets: null,
    datasetsFault: null,
    dir: null,
    episodes: null,
    episodesFault: null,
    filter: 'all',
    selection: noSelection,
    open: null,
    edition: 0,
    trashed: null,
    isOpening: false,
  }))

/** What `Ctrl Z` takes back, newest last. */
export type Undoable =
  | {
      readonly kind: 'outcome'
      readonly dir: string
      readonly before: readonly { readonly episodeIndex: number; readonly outcome: Outcome }[]
    }
  | { readonly kind: 'trash'; readonly dir: string; readonly count: number }
