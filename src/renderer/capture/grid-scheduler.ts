/**
 * Decides which picture each frame of a take holds. Whatever the arrivals, frames 0…n−1 come out once each and in order;
 * a picture is never newer than its grid time unless nothing older exists; a frame without a newer picture repeats the last.
 */
import type { FrameGrid } from '#core/timeline/frame-grid.ts'
import { PhaseGuard } from './phase-guard.ts'

export interface ScheduledFrame<P> {
  readonly frame: number
  readonly gridUs: number
  readonly picture: P
  /** When the picture was taken, rig clock, microseconds. */
  readonly captureUs: number
  /** The same picture as the frame before. */
  readonly isRepeat: boolean
}

export interface GridSchedulerOptions<P> {
  /** How long after a grid time its picture may still arrive, microseconds. */
  readonly holdbackUs: number
  /** For cameras that run at their own pace; see `phase-guard.ts`. */
  readonly guardsPhase?: boolean
  /** Pictures kept while frames cannot be taken; older ones give way. */
  readonly maxWaiting: number
  /** Called once for every picture that was pushed, when it is not needed any more. */
  readonly release: (picture: P) => void
}

interface Timed<P> {
  readonly captureUs: number
  readonly picture: P
}

export class GridScheduler<P> implements Disposable {
  readonly grid: FrameGrid
  readonly #options: GridSchedulerOptions<P>
  readonly #guard: PhaseGuard | null
  #waiting: Timed<P>[] = []
  #current: Timed<P> | null = null
  #nextFrame = 0
  #endFrame: number | null = null
  #repeats = 0
  #unused = 0

  constructor(grid: FrameGrid, options: GridSchedulerOptions<P>) {
    this.grid = grid
    this.#options = options
    this.#guard = options.guardsPhase === true ? new PhaseGuard(1_000_000 / grid.fps) : null
  }

  /** The frame that `take` will give next, which is also how many it gave. */
  get nextFrame(): number {
    return this.#nextFrame
  }

  get repeats(): number {
    return this.#repeats
  }

  /** Pictures that no frame showed, because a newer one was there in time or too many waited. */
  get unused(): number {
    return this.#unused
  }

  /** True when every wanted frame was given. */
  get isComplete(): boolean {
    return this.#endFrame !== null && this.#nextFrame >= this.#endFrame
  }

  /** Takes over a picture. One that is older than an earlier one is released at once. */
  push(captureUs: number, picture: P): void {
    const newest = this.#waiting.at(-1) ?? this.#current
    if (this.isComplete || (newest !== null && captureUs <= newest.captureUs)) {
      this.#options.release(picture)
      return
    }
    this.#guard?.observe(captureUs - this.grid.t0Us)
    this.#waiting.push({ captureUs, picture })
    if (this.#waiting.length <= this.#options.maxWaiting) return
    // Before the first frame the oldest picture is the one that frame needs.
    this.#drop(this.#current === null ? 1 : 0, 1)
  }

  /** Frames from `frames` on are not wanted. */
  endAt(frames: number): void {
    this.#endFrame = frames
  }

  /** The next frame, when its picture is settled at `nowUs`; else null. The picture stays ours: use it before the next call. */
  take(nowUs: number): ScheduledFrame<P> | null {
    const frame = this.#nextFrame
    const gridUs = this.grid.timeUs(frame)
    const latestUs = gridUs - (this.#guard?.biasUs ?? 0)
    if (this.isComplete || !this.#isSettled(latestUs, nowUs)) return null
    const isRepeat = !this.#advanceTo(latestUs)
    const current = this.#current
    if (current === null) return null
    this.#nextFrame = frame + 1
    if (isRepeat) this.#repeats += 1
    return { frame, gridUs, picture: current.picture, captureUs: current.captureUs, isRepeat }
  }

  [Symbol.dispose](): void {
    for (const { picture } of this.#waiting.splice(0)) this.#options.release(picture)
    if (this.#current !== null) this.#options.release(this.#current.picture)
    this.#current = null
  }

  /** No picture that could still come would be shown instead. */
  #isSettled(latestUs: number, nowUs: number): boolean {
    if (this.#current === null && this.#waiting.length === 0) return false
    if (nowUs >= latestUs + this.#options.holdbackUs) return true
    const newest = this.#waiting.at(-1)
    return newest !== undefined && newest.captureUs > latestUs
  }

  /** Moves to the newest waiting picture at or before `latestUs`, or to the first one ever; false when the present one stays. */
  #advanceTo(latestUs: number): boolean {
    let last = this.#waiting.findLastIndex((waiting) => waiting.captureUs <= latestUs)
    if (last < 0 && this.#current === null) last = 0
    if (last < 0) return false
    this.#drop(0, last)
    const next = this.#waiting.shift()
    if (next === undefined) return false
    if (this.#current !== null) this.#options.release(this.#current.picture)
    this.#current = next
    return true
  }

  /** Gives up waiting pictures. */
  #drop(from: number, count: number): void {
    for (const { picture } of this.#waiting.splice(from, count)) {
      this.#unused += 1
      this.#options.release(picture)
    }
  }
}
