/**
 * One playhead for all cameras and plots of an episode. Time comes from outside; the frame follows from where playing began,
 * so that it never drifts, whatever was drawn or skipped in between.
 */

export interface PlayState {
  readonly frame: number
  readonly isPlaying: boolean
  /** 0.25…4. */
  readonly rate: number
  readonly isLooping: boolean
}

export class PlayClock {
  readonly #frames: number
  readonly #fps: number
  #rate = 1
  #isLooping = false
  #isPlaying = false
  #frame = 0
  #beganMs = 0
  #beganFrame = 0

  constructor(frames: number, fps: number) {
    this.#frames = frames
    this.#fps = fps
  }

  state(nowMs: number): PlayState {
    this.#advance(nowMs)
    return { frame: this.#frame, isPlaying: this.#isPlaying, rate: this.#rate, isLooping: this.#isLooping }
  }

  /** From the last frame it begins again. */
  play(nowMs: number): void {
    this.#advance(nowMs)
    if (this.#frame >= this.#frames - 1) this.#frame = 0
    this.#isPlaying = this.#frames > 1
    this.#mark(nowMs)
  }

  pause(nowMs: number): void {
    this.#advance(nowMs)
    this.#isPlaying = false
  }

  /** Goes to a frame, kept inside the episode; goes on playing if it was. */
  seek(frame: number, nowMs: number): void {
    this.#advance(nowMs)
    this.#frame = Math.min(this.#frames - 1, Math.max(0, Math.round(frame)))
    this.#mark(nowMs)
  }

  setRate(rate: number, nowMs: number): void {
    this.#advance(nowMs)
    this.#rate = Math.min(4, Math.max(0.25, rate))
    this.#mark(nowMs)
  }

  setLooping(isLooping: boolean): void {
    this.#isLooping = isLooping
  }

  #mark(nowMs: number): void {
    this.#beganMs = nowMs
    this.#beganFrame = this.#frame
  }

  #advance(nowMs: number): void {
    if (!this.#isPlaying) return
    const played = Math.floor(((nowMs - this.#beganMs) / 1000) * this.#fps * this.#rate + 1e-6)
    const frame = this.#beganFrame + Math.max(0, played)
    if (frame < this.#frames) this.#frame = frame
    else if (this.#isLooping) this.#frame = frame % this.#frames
    else {
      this.#frame = this.#frames - 1
      this.#isPlaying = false
    }
  }
}
