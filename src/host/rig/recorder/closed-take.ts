/** A take that is whole on disk and waits for a decision. */
import type { Outcome } from '#core/dataset/evidence.ts'
import type { Fault } from '#core/result.ts'
import type { StoredTake } from './load-take.ts'
import type { Take } from './take.ts'
import type { TakeClosing, TakeMeta } from './take-meta.ts'

export class ClosedTake {
  readonly meta: TakeMeta
  readonly frames: number
  readonly phase = 'closed'
  readonly fault: Fault | null
  readonly closed: Promise<TakeClosing>
  readonly repeats: Readonly<Record<string, number>>
  /** What was decided before it could not be saved. */
  readonly outcome: Outcome

  constructor(stored: StoredTake) {
    this.meta = stored.meta
    this.frames = stored.frames
    this.outcome = stored.decision?.outcome ?? 'unlabelled'
    const lost = { code: 'shell/host-down', message: 'the recording process ended during the take' } as const
    const fault = stored.closing === null ? lost : stored.closing.fault
    this.fault = fault === null ? null : { code: fault.code, message: fault.message }
    this.closed = Promise.resolve({ frames: stored.frames, fault })
    this.repeats = Object.fromEntries(
      Object.entries(stored.content.cameras).map(([name, list]) => [
        name,
        list.filter((f) => f.isRepeat).length,
      ]),
    )
  }
}

export type CurrentTake = Take | ClosedTake
