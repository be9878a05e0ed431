/** Keys of the library (UI.md §4): rows by arrows, a range with Shift, outcomes by letter, trash, undo, other datasets. */
import type { EpisodeSummary } from '#contract/services/library.ts'
import type { Outcome } from '#contract/services/common.ts'
import type { Timers } from '../app/timers.ts'
import type { Availability, Command } from '../keys/command.ts'
import { shownEpisodes } from './filters.ts'
import type { ReviewText } from './messages.ts'
import type { ReviewModel } from './review-model.ts'
import type { ReviewState } from './review-state.ts'
import { all, chosen, stepped } from './selection.ts'
import { whileDown } from './while-down.ts'

export interface LibraryContext {
  readonly t: ReviewText
  readonly timers: Timers
  readonly model: ReviewModel
  readonly state: ReviewState
  readonly focusSearch: () => void
}

export const outcomeKeys: readonly {
  readonly outcome: Exclude<Outcome, 'unlabelled'>
  readonly chord: string
}[] = [
  { outcome: 'success', chord: 'S' },
  { outcome: 'partial', chord: 'P' },
  { outcome: 'failure', chord: 'F' },
]

const rowPeriodMs = 60

/** Outcomes are kept beside the evidence, which only episodes recorded here have. */
export const labelAvailability = (episodes: readonly EpisodeSummary[], t: ReviewText): Availability => {
  if (episodes.length === 0) return 'hidden'
  return episodes.every((episode) => episode.achievedHz !== null) ? 'ready' : { blockedBy: t.noLabels }
}

/** Why episodes of the chosen dataset cannot be deleted, or that they can. */
export function trashAvailability(state: ReviewState, t: ReviewText): Availability {
  const dataset = state.datasets?.find(({ dir }) => dir === state.dir)
  if (dataset === undefined || state.episodes === null || state.episodes.length === 0) return 'hidden'
  return dataset.readOnly === null ? 'ready' : { blockedBy: t.sharedFiles }
}

function chooseDataset({ model, state }: LibraryContext, step: 1 | -1): void {
  const list = state.datasets ?? []
  const at = list.findIndex(({ dir }) => dir === state.dir)
  const next = list[Math.min(list.length - 1, Math.max(0, at + step))]
  if (next !== undefined && next.dir !== state.dir) void model.choose(next.dir)
}

export function libraryCommands(context: LibraryContext): readonly Command[] {
  const { t, timers, model, state } = context
  const shown = shownEpisodes(state.episodes, state.filter)
  const labels = labelAvailability(chosen(state.selection, shown), t)
  const withRows: Availability = shown.length > 0 ? 'ready' : 'hidden'
  const move = (step: number, isExtending: boolean): Disposable =>
    whileDown(timers, rowPeriodMs, () =>
      model.store.setState((now) => ({
        selection: stepped(now.selection, step, shownEpisodes(now.episodes, now.filter).length, isExtending),
      })),
    )
  const row = (id: string, title: string, chord: string, step: number, isExtending: boolean): Command => ({
    id: `review.${id}`,
    title,
    chords: [chord],
    press: 'while',
    availability: withRows,
    run: () => move(step, isExtending),
  })
  const tap = (
    id: string,
    title: string,
    chord: string,
    availability: Availability,
    run: () => void,
  ): Command => ({
    id: `review.${id}`,
    title,
    chords: [chord],
    press: 'down',
    availability,
    run,
  })
  return [
    row('next', t.nextRow, 'ArrowDown', 1, false),
    row('previous', t.previousRow, 'ArrowUp', -1, false),
    row('extendDown', t.extendDown, 'Shift+ArrowDown', 1, true),
    row('extendUp', t.extendUp, 'Shift+ArrowUp', -1, true),
    tap('selectAll', t.selectAll, 'Ctrl+A', withRows, () =>
      model.store.setState({ selection: all(shown.length) }),
    ),
    tap('open', t.openEpisode, 'Enter', withRows, () => {
      const episode = shown[state.selection.cursor]
      if (episode !== undefined) model.store.setState({ open: episode.episodeIndex })
    }),
    ...outcomeKeys.map(({ outcome, chord }) =>
      tap(outcome, t[outcome], chord, labels, () => model.label(model.chosenEpisodes(), outcome)),
    ),
    tap('trash', t.toTrash, 'Delete', trashAvailability(state, t), () => model.trash(model.chosenEpisodes())),
    tap('undo', t.undo, 'Ctrl+Z', state.dir === null ? 'hidden' : 'ready', () => model.undo()),
    tap('nextDataset', t.nextDataset, ']', 'ready', () => chooseDataset(context, 1)),
    tap('previousDataset', t.previousDataset, '[', 'ready', () => chooseDataset(context, -1)),
    tap('find', t.findDataset, '/', 'ready', () => context.focusSearch()),
    tap('openFolder', t.openFolder, 'O', 'ready', () => model.store.setState({ isOpening: true })),
  ]
}
