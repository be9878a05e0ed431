/** What became of each take since the start of the program, in order: the strip under the record button. */
import type { RecordState } from '#contract/services/record.ts'
import type { Outcome } from '#core/dataset/evidence.ts'

export type SessionEntry = RecordState['session'][number]

export class RecordingSession {
  readonly #entries = new Map<string, SessionEntry>()

  set(
    take: { readonly takeId: string; readonly number: number; readonly outcome: Outcome },
    state: SessionEntry['state'],
  ): void {
    const { takeId, number, outcome } = take
    this.#entries.set(takeId, { takeId, number, outcome, state })
  }

  /** A person was told why the take is not saved. */
  hasFailed(takeId: string): boolean {
    return this.#entries.get(takeId)?.state === 'failed'
  }

  remove(takeId: string): void {
    this.#entries.delete(takeId)
  }

  /** The newest take that is saved or being saved. */
  lastSaved(): SessionEntry | undefined {
    return [...this.#entries.values()].findLast(
      (entry) => entry.state === 'saved' || entry.state === 'saving',
    )
  }

  list(): SessionEntry[] {
    return [...this.#entries.values()]
  }
}
