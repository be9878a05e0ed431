/** When a policy whose process died is loaded again: later each time, and not for ever. */
import type { Clock } from '../shared/clock.ts'
import type { Later } from '../shared/later.ts'

const firstMs = 250
const tries = 5
/** One that ran this long had no lasting trouble. */
const goodAfterUs = 60e6

export class Reloads {
  private readonly later: Later
  private readonly clock: Clock
  private count = 0
  private lastUs = Number.NEGATIVE_INFINITY
  private pending: Disposable | null = null

  constructor(later: Later, clock: Clock) {
    this.later = later
    this.clock = clock
  }

  /** Calls `reload` after 0.25, 0.5 … 4 s; after five deaths in a row not at all, and a person has to look. */
  schedule(reload: () => void): void {
    const nowUs = this.clock()
    if (nowUs - this.lastUs > goodAfterUs) this.count = 0
    this.lastUs = nowUs
    if (this.count >= tries) return
    this.pending?.[Symbol.dispose]()
    this.pending = this.later(reload, firstMs * 2 ** this.count++)
  }

  /** A person decided: nothing is pending any more, and the counting begins anew. */
  forget(): void {
    this.pending?.[Symbol.dispose]()
    this.pending = null
    this.count = 0
  }
}
