/**
 * Virtual cameras as a source: draws at the grid's times while a take runs, from the newest pose at or before each, so that
 * pictures never drift against the rows. Slower than the grid, it draws what it can; the take repeats the rest.
 */
import type { WorldDescription, WorldPose } from '#contract/services/sim.ts'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import type { Fault, Result } from '#core/result.ts'
import type { CameraSource, OnPicture, Pace } from './camera-source.ts'
import { PoseBuffer } from './pose-buffer.ts'
import { isSoftwareGl } from '../scene/software-gl.ts'
import { type VirtualCamera, VirtualRenderer } from './virtual-renderer.ts'

export interface VirtualSourceOptions {
  readonly cameras: readonly VirtualCamera[]
  readonly onPicture: OnPicture
  readonly onFault: (camera: string, fault: Fault) => void
  /** Rig clock, microseconds; null until it is known. */
  readonly nowUs: () => number | null
  readonly describe: () => Promise<WorldDescription>
  readonly poses: (maxHz: number, onPose: (pose: WorldPose) => void, onEnd: () => void) => Disposable
}

/** A pose of a grid time has arrived by then, microseconds after it. */
const settleUs = 4000
const retryMs = 1000
/** Share of the time that previews may cost. A take takes all it needs. */
const previewShare = 0.45
/** Without a graphics card previews leave the processor to the arm: this many pictures a second at most. */
const softwarePreviewFps = 15
/** Below this a person cannot steer by the picture. */
const slowestPreviewFps = 8

export class VirtualSource implements CameraSource {
  readonly #options: VirtualSourceOptions
  readonly #poses = new PoseBuffer()
  #renderer: VirtualRenderer | null = null
  #stream: Disposable | null = null
  #streamHz = 0
  #pace: Pace = { kind: 'idle' }
  #timer: ReturnType<typeof setTimeout> | null = null
  #drawnPoseUs = -Infinity
  #costUs = 0
  #isDisposed = false

  constructor(options: VirtualSourceOptions) {
    this.#options = options
    void this.#begin()
  }

  setPace(pace: Pace): void {
    this.#pace = pace
    this.#follow()
    this.#schedule()
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#stream?.[Symbol.dispose]()
    this.#renderer?.[Symbol.dispose]()
  }

  async #begin(): Promise<void> {
    const world = await this.#options.describe().catch(() => null)
    if (this.#isDisposed) return
    if (world === null) {
      this.#retry()
      return
    }
    const renderer = VirtualRenderer.create(world, this.#options.cameras)
    if (!renderer.ok) {
      this.#fail(renderer)
      return
    }
    this.#renderer?.[Symbol.dispose]()
    this.#renderer = renderer.value
    this.#streamHz = 0
    this.#follow()
    this.#schedule()
  }

  /** Asks for as many poses as the pace needs: in a take two a frame, so that a picture is at most half a frame older than its row. */
  #follow(): void {
    const { kind } = this.#pace
    const hz = kind === 'idle' ? 0 : kind === 'take' ? 2 * this.#pace.grid.fps : this.#pace.fps
    if (this.#renderer === null || hz === this.#streamHz) return
    this.#streamHz = hz
    this.#stream?.[Symbol.dispose]()
    this.#stream =
      hz === 0
        ? null
        : this.#options.poses(
            Math.min(240, hz),
            (pose) => this.#poses.push(pose),
            () => this.#retry(),
          )
  }

  /** The simulator is away or restarted: ask for the world again. */
  #retry(): void {
    this.#stream = null
    if (!this.#isDisposed) setTimeout(() => void this.#begin(), retryMs)
  }

  #fail(result: Result<never>): void {
    if (result.ok) return
    for (const camera of this.#options.cameras) this.#options.onFault(camera.name, result.error)
  }

  /** Sleeps until the next grid time that is worth drawing. */
  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#isDisposed || this.#renderer === null) return
    const nowUs = this.#options.nowUs()
    const grid = gridOf(this.#pace, this.#costUs)
    if (grid === null || nowUs === null) {
      if (this.#pace.kind !== 'idle') this.#timer = setTimeout(() => this.#schedule(), 50)
      return
    }
    const frame = grid.frameAt(nowUs - settleUs) + 1
    const waitMs = (grid.timeUs(frame) + settleUs - nowUs) / 1000
    this.#timer = setTimeout(
      () => {
        this.#draw(grid.timeUs(frame))
        this.#schedule()
      },
      Math.max(0, waitMs),
    )
  }

  #draw(gridUs: number): void {
    const pose = this.#poses.at(gridUs)
    // A world that stands still in time gives no new picture; the take repeats the last one.
    if (pose === null || pose.timeUs <= this.#drawnPoseUs || this.#renderer === null) return
    const startUs = performance.now() * 1000
    const pictures = this.#renderer.render(pose.pose, pose.timeUs)
    this.#costUs += 0.1 * (performance.now() * 1000 - startUs - this.#costUs)
    if (pictures.length > 0) this.#drawnPoseUs = pose.timeUs
    for (const { name, frame } of pictures)
      this.#options.onPicture(name, { frame, captureUs: pose.timeUs, uncertaintyUs: 0 })
  }
}

/** The times to draw at. Previews slow down before they take more than their share of this machine. */
function gridOf(pace: Pace, costUs: number): FrameGrid | null {
  if (pace.kind === 'idle') return null
  if (pace.kind === 'take') return pace.grid
  const affordable = costUs > 0 ? (previewShare * 1_000_000) / costUs : pace.fps
  const most = isSoftwareGl() ? softwarePreviewFps : pace.fps
  return new FrameGrid(0, Math.max(slowestPreviewFps, Math.min(pace.fps, most, Math.floor(affordable))))
}
