/** What one client's cameras have shown, by the ticks of the policy, so that it sees the past picture it was trained with. */
import type { Picture } from '../../policy.ts'

export type Views = Readonly<Record<string, Picture>>

interface Seen {
  readonly tick: number
  readonly views: Views
}

export class ViewHistory {
  private readonly historyTicks: number
  private readonly seen: Seen[] = []

  /** @param historyTicks between the two pictures of a view; 0 keeps none */
  constructor(historyTicks: number) {
    this.historyTicks = historyTicks
  }

  /** Of the newest views; −1 before there are any. */
  get tick(): number {
    return this.seen.at(-1)?.tick ?? -1
  }

  /** A tick that is not later than the last begins a new episode. */
  note(tick: number, views: Views): void {
    if (tick <= this.tick) this.clear()
    this.seen.push({ tick, views })
    // What is older than the picture now wanted is never wanted again.
    while ((this.seen[1]?.tick ?? Infinity) <= tick - this.historyTicks) this.seen.shift()
  }

  /** The views `historyTicks` before the newest, or the oldest there are; empty without a history. */
  past(): Views {
    return this.historyTicks === 0 ? {} : (this.seen[0]?.views ?? {})
  }

  clear(): void {
    this.seen.length = 0
  }
}
