/**
 * The instants at which a take has rows: `t0 + k / fps`. Everything is integer microseconds, so no error accumulates
 * however long the take runs, and `frameAt` is the exact inverse of `timeUs`.
 */
export class FrameGrid {
  readonly t0Us: number
  readonly fps: number

  /** `t0Us`: machine-monotonic time of frame 0, microseconds. `fps`: frames per second, a positive integer as LeRobot's info.json wants. */
  constructor(t0Us: number, fps: number) {
    if (!Number.isInteger(t0Us))
      throw new RangeError(`grid origin ${t0Us} is not a whole number of microseconds`)
    if (!Number.isInteger(fps) || fps <= 0 || fps > 1000)
      throw new RangeError(`fps ${fps} is not an integer in 1…1000`)
    this.t0Us = t0Us
    this.fps = fps
  }

  /** Time of frame `k` in microseconds, rounded down. Frames before 0 are allowed. */
  timeUs(frame: number): number {
    return this.t0Us + Math.floor((frame * 1_000_000) / this.fps)
  }

  /** The last frame whose time is at or before `timeUs`; negative before the grid begins. */
  frameAt(timeUs: number): number {
    return Math.ceil(((Math.floor(timeUs) - this.t0Us + 1) * this.fps) / 1_000_000) - 1
  }
}
