/**
 * Takes on their way into the dataset, one after the other, beside whatever is recorded next. A take leaves its folder only
 * once its episode is there; one that fails stays on disk and is named.
 */
import type { Outcome } from '#core/dataset/evidence.ts'
import { fail, type Fault, type Result } from '#core/result.ts'
import type { AppendedEpisode } from '../../shared/dataset/append-episode.ts'
import { setEpisodeOutcome } from '../../shared/dataset/set-outcome.ts'
import type { SaveTake } from './save-thread.ts'
import { findHome } from './take-home.ts'
import type { TakeClosing } from './take-meta.ts'
import type { TakeShelf } from './take-shelf.ts'

export interface SaveJob {
  readonly takeId: string
  readonly number: number
  /** Changes when the take goes elsewhere. */
  datasetDir: string
  /** The dataset to use when its own has gone; null while nobody was told that it has. */
  readonly elsewhere: string | null
  /** When all of the take is on disk. */
  readonly closed: Promise<TakeClosing>
  /** May still change while the take waits or is written. */
  outcome: Outcome
}

export interface SaveEvents {
  readonly onSaved: (job: SaveJob, episode: AppendedEpisode) => void
  /** The queue goes on, and is idle, only after this. */
  readonly onFailed: (job: SaveJob, fault: Fault) => Promise<void>
}

export class SaveQueue {
  readonly #shelf: TakeShelf
  readonly #save: SaveTake
  readonly #events: SaveEvents
  readonly #jobs: SaveJob[] = []
  #running: Promise<void> | null = null

  constructor(shelf: TakeShelf, save: SaveTake, events: SaveEvents) {
    this.#shelf = shelf
    this.#save = save
    this.#events = events
  }

  /** Jobs that are not done, first come first. */
  get jobs(): readonly SaveJob[] {
    return this.#jobs
  }

  add(job: SaveJob): void {
    this.#jobs.push(job)
    this.#running ??= this.#run()
  }

  /** Resolves when nothing is left to save. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running
  }

  async #run(): Promise<void> {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      const result = await this.#process(job).catch((error: unknown) =>
        fail('record/io', `take ${job.number} could not be saved: ${String(error)}`),
      )
      this.#jobs.shift()
      if (result.ok) this.#events.onSaved(job, result.value)
      else await this.#events.onFailed(job, result.error)
    }
    this.#running = null
  }

  async #process(job: SaveJob): Promise<Result<AppendedEpisode>> {
    const { frames, fault } = await job.closed
    if (frames === 0) {
      await this.#shelf.remove(job.takeId)
      if (fault !== null) return fail(fault.code, fault.message, fault.data)
      return fail('record/not-recording', `take ${job.number} ended before its first frame`)
    }
    const written = job.outcome
    const decided = await this.#shelf.decide(job.takeId, written)
    if (!decided.ok) return decided
    const home = await findHome(this.#shelf.folder(job.takeId), job.elsewhere)
    if (!home.ok) return home
    job.datasetDir = home.value
    const saved = await this.#save(this.#shelf.folder(job.takeId), written)
    if (!saved.ok) return saved
    if (job.outcome !== written) {
      const relabelled = await setEpisodeOutcome(job.datasetDir, { takeId: job.takeId }, job.outcome)
      if (!relabelled.ok) return relabelled
    }
    const removed = await this.#shelf.remove(job.takeId)
    return removed.ok ? saved : removed
  }
}
