/**
 * Which grid time to draw next, and when. In a take every frame is drawn, late ones too as long as they can still be used:
 * a busy moment then costs a little delay and no picture. Previews drop what they missed.
 */
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import type { Pace } from './camera-source.ts'

export interface NextDraw {
  readonly gridUs: number
  /** 0 when it is due or late. */
  readonly waitUs: number
}

/** A pose of a grid time has arrived by then, microseconds after it. */
const settleUs = 4000
/** Frames of a take that are drawn late; older ones are left to be repeats. */
export const maxLateFrames = 5
/** Share of the time that previews may cost. */
const previewShare = 0.45
/** Below this a person cannot steer by the picture. */
const slowestPreviewFps = 8

export class DrawPacer {
  readonly #mostPreviewFps: number
  #pace: Pace = { kind: 'idle' }
  #nextFrame: number | null = null
  #costUs = 0

  /** `mostPreviewFps`: what previews may reach on this machine, however fast it is. */
  constructor(mostPreviewFps: number) {
    this.#mostPreviewFps = mostPreviewFps
  }

  get pace(): Pace {
    return this.#pace
  }

  set pace(pace: Pace) {
    if (pace.kind !== this.#pace.kind || (pace.kind === 'take' && pace.grid !== gridIn(this.#pace)))
      this.#nextFrame = null
    this.#pace = pace
  }

  /** The grid time to draw next, seen from `nowUs`; null while nothing is wanted. */
  next(nowUs: number): NextDraw | null {
    if (this.#pace.kind === 'idle') return null
    if (this.#pace.kind === 'preview') return this.#at(this.#previewGrid(this.#pace.fps), nowUs)
    const { grid } = this.#pace
    const due = grid.frameAt(nowUs - settleUs)
    this.#nextFrame = Math.max(this.#nextFrame ?? due + 1, due + 1 - maxLateFrames)
    const gridUs = grid.timeUs(this.#nextFrame)
    return { gridUs, waitUs: Math.max(0, gridUs + settleUs - nowUs) }
  }

  /** The draw of `next` was made and took `costUs`. */
  drawn(costUs: number): void {
    if (this.#nextFrame !== null) this.#nextFrame += 1
    this.#costUs += 0.1 * (costUs - this.#costUs)
  }

  #at(grid: FrameGrid, nowUs: number): NextDraw {
    const gridUs = grid.timeUs(grid.frameAt(nowUs - settleUs) + 1)
    return { gridUs, waitUs: gridUs + settleUs - nowUs }
  }

  /** Previews slow down before they take more than their share of this machine. */
  #previewGrid(fps: number): FrameGrid {
    const affordable = this.#costUs > 0 ? (previewShare * 1_000_000) / this.#costUs : fps
    const most = Math.min(fps, this.#mostPreviewFps, Math.floor(affordable))
    return new FrameGrid(0, Math.max(slowestPreviewFps, most))
  }
}

const gridIn = (pace: Pace): FrameGrid | null => (pace.kind === 'take' ? pace.grid : null)
