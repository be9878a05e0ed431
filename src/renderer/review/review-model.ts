/**
 * Reads datasets and changes them for the person: label, trash, undo. Every change is on disk when it is shown; a refused
 * one is said by the page and leaves the list as it was.
 */
import { FaultError, type Fault } from '#core/result.ts'
import type { Outcome } from '#contract/services/common.ts'
import type { EpisodeSummary } from '#contract/services/library.ts'
import type { App } from '../app/create-app.ts'
import type { Services } from '../app/services.ts'
import { shownEpisodes } from './filters.ts'
import { createReviewStore, type ReviewState, type ReviewStore, type Undoable } from './review-state.ts'
import { chosen, fitted, noSelection } from './selection.ts'

type PageParts = Pick<App, 'services' | 'act' | 'live'>
type LibraryCalls = Services['library']

const faultOf = (error: unknown): Fault =>
  error instanceof FaultError ? error.fault : { code: 'contract/internal', message: String(error) }

/** What makes an episode the one it is; its label may change while it is open. */
const identity = (episode: EpisodeSummary | undefined): string =>
  JSON.stringify(episode === undefined ? null : { ...episode, outcome: null })

/** Where the open episode's number leads now: to another episode when some before it are gone, to none when all are. */
function openAmong(
  episodes: readonly EpisodeSummary[],
  before: Pick<ReviewState, 'open' | 'edition' | 'episodes'>,
): Pick<ReviewState, 'open' | 'edition'> {
  const { open, edition } = before
  if (open === null || episodes.length === 0) return { open: null, edition }
  const next = Math.min(open, episodes.length - 1)
  const isSame = before.episodes === null || identity(before.episodes[open]) === identity(episodes[next])
  return { open: next, edition: isSame ? edition : edition + 1 }
}

export class ReviewModel {
  readonly store: ReviewStore = createReviewStore()
  readonly #app: PageParts
  readonly #history: Undoable[] = []
  #work: Promise<void> = Promise.resolve()

  constructor(app: PageParts) {
    this.#app = app
  }

  /** Reads the list of datasets and the episodes of the chosen one again. */
  async refresh(): Promise<void> {
    const library = this.#app.services()?.library
    if (library === undefined) return
    try {
      const datasets = await library.datasets(undefined)
      const { dir } = this.store.getState()
      const wanted = this.#app.live.getState().settings?.lastDataset ?? null
      const known =
        datasets.find((dataset) => dataset.dir === dir) ??
        datasets.find((dataset) => dataset.name === wanted || dataset.dir === wanted) ??
        datasets[0]
      this.store.setState({ datasets, datasetsFault: null })
      if (known === undefined) this.store.setState({ dir: null, episodes: null, open: null })
      else if (known.dir === dir) await this.#readEpisodes(library, known.dir)
      else await this.choose(known.dir)
    } catch (error) {
      this.store.setState({ datasetsFault: faultOf(error) })
    }
  }

  async choose(dir: string): Promise<void> {
    this.store.setState({
      dir,
      episodes: null,
      episodesFault: null,
      selection: noSelection,
      filter: 'all',
      open: null,
      trashed: null,
    })
    const library = this.#app.services()?.library
    if (library !== undefined) await this.#readEpisodes(library, dir)
  }

  async #readEpisodes(library: LibraryCalls, dir: string): Promise<void> {
    const broken = this.store.getState().datasets?.find((dataset) => dataset.dir === dir)?.fault ?? null
    if (broken !== null) return this.store.setState({ episodes: null, open: null })
    try {
      const episodes = await library.episodes({ dir })
      if (this.store.getState().dir !== dir) return
      this.store.setState((before) => ({
        episodes,
        episodesFault: null,
        selection: fitted(before.selection, shownEpisodes(episodes, before.filter).length),
        ...openAmong(episodes, before),
      }))
    } catch (error) {
      if (this.store.getState().dir === dir) this.store.setState({ episodesFault: faultOf(error) })
    }
  }

  /** Reads a folder anywhere on the machine of the hosts and shows it. */
  openFolder(dir: string): void {
    this.#act(async ({ library }) => {
      const opened = await library.open({ dir })
      this.store.setState({ isOpening: false })
      const datasets = await library.datasets(undefined)
      this.store.setState({ datasets })
      await this.choose(opened.dir)
    })
  }

  /** Takes a folder off the list; nothing on disk changes. */
  closeFolder(dir: string): void {
    this.#act(async ({ library }) => {
      await library.close({ dir })
      this.store.setState({ dir: null })
      await this.refresh()
    })
  }

  /** The episodes that a command of the library means. */
  chosenEpisodes(): readonly EpisodeSummary[] {
    const { episodes, filter, selection } = this.store.getState()
    return chosen(selection, shownEpisodes(episodes, filter))
  }

  /** Labels episodes; all of them labelled so already takes the label away. */
  label(targets: readonly EpisodeSummary[], outcome: Outcome): void {
    const { dir } = this.store.getState()
    if (dir === null || targets.length === 0) return
    const isTakenBack = targets.every((episode) => episode.outcome === outcome)
    const before = targets.map(({ episodeIndex, outcome: old }) => ({ episodeIndex, outcome: old }))
    this.#act(async ({ library }) => {
      for (const { episodeIndex } of targets)
        await library.setOutcome({ dir, episodeIndex, outcome: isTakenBack ? 'unlabelled' : outcome })
      this.#history.push({ kind: 'outcome', dir, before })
      await this.#readEpisodes(library, dir)
    })
  }

  /** Moves episodes to the dataset's trash, the last one first, so that numbers stay true while it goes on. */
  trash(targets: readonly EpisodeSummary[]): void {
    const { dir } = this.store.getState()
    if (dir === null || targets.length === 0) return
    const indices = targets.map(({ episodeIndex }) => episodeIndex).toSorted((a, b) => b - a)
    this.#act(async ({ library }) => {
      let count = 0
      try {
        for (const episodeIndex of indices) {
          await library.deleteEpisode({ dir, episodeIndex })
          count += 1
        }
      } finally {
        if (count > 0) {
          this.#history.push({ kind: 'trash', dir, count })
          this.store.setState({ trashed: { count } })
        }
        await this.refresh()
      }
    })
  }

  /** Takes back the last change of this page; without one, the last episode in the trash of the dataset. */
  undo(): void {
    const last = this.#history.at(-1) ?? this.#fromTrash()
    if (last === null) return
    this.#act(async ({ library }) => {
      if (last.kind === 'outcome')
        for (const { episodeIndex, outcome } of last.before)
          await library.setOutcome({ dir: last.dir, episodeIndex, outcome })
      else
        for (let n = 0; n < last.count; n += 1)
          if ((await library.undoDelete({ dir: last.dir })) === null) break
      this.#history.pop()
      this.store.setState({ trashed: null })
      await this.refresh()
    })
  }

  #fromTrash(): Undoable | null {
    const { dir } = this.store.getState()
    return dir === null ? null : { kind: 'trash', dir, count: 1 }
  }

  /** Resolves when every change that was asked for is on disk, or was refused. */
  settled(): Promise<void> {
    return this.#work
  }

  /** One change after the other: two at once would disagree about the numbers of the episodes. */
  #act(run: (services: Services) => Promise<void>): void {
    const before = this.#work
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#work = promise
    if (this.#app.services() === null) resolve()
    this.#app.act(async (services) => {
      await before
      try {
        await run(services)
      } finally {
        resolve()
      }
    })
  }
}
