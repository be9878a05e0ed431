/** What the loop measures of itself, always: rate, period, lateness, overruns, and the way from the leader's servo to the goal. */
import type { LoopStats } from '#contract/services/drive.ts'
import { Histogram } from './histogram.ts'

/** Ten minutes of raw lateness at 200 Hz, for the bench. */
const rawLength = 131_072

export class LoopMeter {
  readonly #periodUs: number
  readonly #period = new Histogram()
  readonly #lateness = new Histogram()
  readonly #leaderToGoal = new Histogram()
  readonly #raw = new Float64Array(rawLength)
  readonly #recent: number[] = []
  #rawCount = 0
  #ticks = 0
  #overruns = 0
  #acts = 0
  #lastUs: number | null = null
  #asked: { readonly ticks: number; readonly timeUs: number } | null = null
  #takeOver: { readonly ticks: number; readonly ms: number } | null = null

  constructor(periodUs: number) {
    this.#periodUs = periodUs
  }

  /** A tick began at `nowUs`, `latenessUs` after it was due. */
  tick(nowUs: number, latenessUs: number): void {
    this.#ticks += 1
    if (this.#lastUs !== null) this.#period.add(nowUs - this.#lastUs)
    this.#lastUs = nowUs
    this.#lateness.add(latenessUs)
    this.#raw[this.#rawCount % rawLength] = latenessUs
    this.#rawCount += 1
    this.#recent.push(nowUs)
    while ((this.#recent[0] ?? nowUs) < nowUs - 1_000_000) this.#recent.shift()
  }

  /** Deadlines that found the loop still busy, or asleep. */
  overrun(count: number): void {
    this.#overruns += count
  }

  /** From the reply of the leader's servos to the goal handed to the follower's bus. */
  leaderToGoal(us: number): void {
    this.#leaderToGoal.add(us)
  }

  /** Milliseconds from the leader's reply to the goal, median of the last minute; null before one was measured. */
  get lagMs(): number | null {
    const us = this.#leaderToGoal.percentile(0.5)
    return us === null ? null : us / 1000
  }

  /** A take-over was received at `nowUs`. */
  takeOverAsked(nowUs: number): void {
    this.#asked ??= { ticks: this.#acts, timeUs: nowUs }
  }

  /** A tick computed its goal at `nowUs`. One on which the policy drives on has refused the take-over. */
  acted(nowUs: number, isPolicyDriving: boolean): void {
    this.#acts += 1
    const asked = this.#asked
    this.#asked = null
    if (asked === null || isPolicyDriving) return
    this.#takeOver = { ticks: this.#acts - asked.ticks, ms: (nowUs - asked.timeUs) / 1000 }
  }

  /** Null before the first take-over. */
  get takeOver(): { readonly ticks: number; readonly ms: number } | null {
    return this.#takeOver
  }

  leaderToGoalUs(share: number): number | null {
    return this.#leaderToGoal.percentile(share)
  }

  periodUs(share: number): number | null {
    return this.#period.percentile(share)
  }

  latenessUs(share: number): number | null {
    return this.#lateness.percentile(share)
  }

  get ticks(): number {
    return this.#ticks
  }

  get overruns(): number {
    return this.#overruns
  }

  /** Null before the second tick. */
  stats(): LoopStats | null {
    const periodP50Us = this.#period.percentile(0.5)
    const first = this.#recent[0]
    const last = this.#recent.at(-1)
    if (periodP50Us === null || first === undefined || last === undefined) return null
    return {
      targetHz: 1e6 / this.#periodUs,
      rateHz: last > first ? ((this.#recent.length - 1) * 1e6) / (last - first) : 0,
      ticks: this.#ticks,
      overruns: this.#overruns,
      periodP50Us,
      periodP99Us: this.#period.percentile(0.99) ?? periodP50Us,
      latenessP50Us: this.#lateness.percentile(0.5) ?? 0,
      latenessP99Us: this.#lateness.percentile(0.99) ?? 0,
      latenessP999Us: this.#lateness.percentile(0.999) ?? 0,
    }
  }

  /** Every lateness since the last call, oldest first, microseconds (the last ten minutes at most). */
  drainLateness(): Float64Array<ArrayBuffer> {
    const count = Math.min(this.#rawCount, rawLength)
    const samples = new Float64Array(count)
    for (let index = 0; index < count; index++)
      samples[index] = this.#raw[(this.#rawCount - count + index) % rawLength] ?? 0
    this.#rawCount = 0
    return samples
  }
}
