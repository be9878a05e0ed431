/**
 * Plays all cameras of an episode from one clock. A frame is shown when every camera has drawn it, so that pictures on screen
 * always belong together; a machine that is too slow shows fewer frames, never mixed ones.
 */
import type { Fault } from '#core/result.ts'
import type { CameraTrack } from './camera-track.ts'
import { PlayClock, type PlayState } from './play-clock.ts'

export interface PlayerOptions {
  readonly frames: number
  readonly fps: number
  /** After a frame is on every canvas, and after every change of the playhead's state. */
  readonly onState: (state: PlayState) => void
  /** A camera's picture could not be shown; null when it works again. */
  readonly onFault: (camera: string, fault: Fault | null) => void
}

interface Shown {
  readonly video: CameraTrack
  readonly canvas: HTMLCanvasElement
  isFaulty: boolean
}

export class EpisodePlayer implements Disposable {
  readonly #options: PlayerOptions
  readonly #clock: PlayClock
  readonly #shown = new Map<string, Shown>()
  #request = 0
  #isDrawing = false
  #drawn = -1
  /** A canvas came that shows nothing yet. */
  #isStale = false
  #direction: 1 | -1 = 1
  #isDisposed = false

  constructor(options: PlayerOptions) {
    this.#options = options
    this.#clock = new PlayClock(options.frames, options.fps)
    this.#schedule()
  }

  /** Adds a camera; the canvas shows the present frame at once. The video stays the caller's. */
  show(video: CameraTrack, canvas: HTMLCanvasElement): Disposable {
    this.#shown.set(video.camera, { video, canvas, isFaulty: false })
    this.#isStale = true
    this.#schedule()
    return {
      [Symbol.dispose]: () => {
        if (this.#shown.get(video.camera)?.canvas === canvas) this.#shown.delete(video.camera)
      },
    }
  }

  get state(): PlayState {
    return this.#clock.state(performance.now())
  }

  play(): void {
    this.#direction = 1
    this.#clock.play(performance.now())
    this.#changed()
  }

  pause(): void {
    this.#clock.pause(performance.now())
    this.#changed()
  }

  seek(frame: number): void {
    this.#direction = frame < this.state.frame ? -1 : 1
    this.#clock.seek(frame, performance.now())
    this.#changed()
  }

  /** By single frames; stops playing. */
  step(frames: number): void {
    this.#clock.pause(performance.now())
    this.seek(this.state.frame + frames)
  }

  setRate(rate: number): void {
    this.#clock.setRate(rate, performance.now())
    this.#changed()
  }

  setLooping(isLooping: boolean): void {
    this.#clock.setLooping(isLooping)
    this.#changed()
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    cancelAnimationFrame(this.#request)
    this.#shown.clear()
  }

  #changed(): void {
    this.#options.onState(this.state)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isDisposed || this.#request !== 0) return
    this.#request = requestAnimationFrame(() => {
      this.#request = 0
      void this.#tick()
    })
  }

  async #tick(): Promise<void> {
    if (this.#isDrawing) return
    const { frame, isPlaying } = this.state
    if (frame !== this.#drawn || this.#isStale) {
      this.#isDrawing = true
      this.#isStale = false
      await Promise.all([...this.#shown.values()].map((shown) => this.#draw(shown, frame)))
      this.#isDrawing = false
      this.#drawn = frame
      if (this.#isDisposed) return
      this.#options.onState({ ...this.state, frame })
    }
    for (const { video } of this.#shown.values()) video.prefetch(frame, this.#direction)
    if (isPlaying || this.#isStale || this.state.frame !== this.#drawn) this.#schedule()
  }

  async #draw(shown: Shown, frame: number): Promise<void> {
    const result = await shown.video.draw(frame, shown.canvas)
    if (this.#isDisposed || (result.ok && !shown.isFaulty)) return
    shown.isFaulty = !result.ok
    this.#options.onFault(shown.video.camera, result.ok ? null : result.error)
  }
}
