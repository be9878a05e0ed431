/**
 * Virtual cameras as a source: draws at the grid's times while a take runs, from the newest pose at or before each, so that
 * pictures never drift against the rows. Slower than the grid, it draws what it can; the take repeats the rest.
 */
import type { WorldDescription, WorldPose } from '#contract/services/sim.ts'
import type { Fault } from '#core/result.ts'
import type { CameraSource, OnPicture, Pace } from './camera-source.ts'
import { DrawLink, type DrawWorker } from './draw-link.ts'
import { DrawPacer } from './draw-pacer.ts'
import { PoseBuffer } from './pose-buffer.ts'
import { isSoftwareGl } from '../scene/software-gl.ts'
import type { VirtualCamera } from './virtual-renderer.ts'

export interface VirtualSourceOptions {
  readonly cameras: readonly VirtualCamera[]
  readonly onPicture: OnPicture
  readonly onFault: (camera: string, fault: Fault) => void
  /** Rig clock, microseconds; null until it is known. */
  readonly nowUs: () => number | null
  /** Another drawing worker, for tests without a browser. */
  readonly drawWorker?: DrawWorker
  readonly describe: () => Promise<WorldDescription>
  readonly poses: (maxHz: number, onPose: (pose: WorldPose) => void, onEnd: () => void) => Disposable
}

const retryMs = 1000
const pollMs = 4
/** A pose that has not come this long after its time is not coming soon, microseconds. */
const patienceUs = 90_000
/** Without a graphics card previews leave the processor to the arm: this many pictures a second at most. */
const softwarePreviewFps = 15

export class VirtualSource implements CameraSource {
  readonly #options: VirtualSourceOptions
  readonly #poses = new PoseBuffer()
  readonly #draw: DrawLink
  #isReady = false
  #stream: Disposable | null = null
  #streamHz = 0
  readonly #pacer = new DrawPacer(isSoftwareGl() ? softwarePreviewFps : Infinity)
  #timer: ReturnType<typeof setTimeout> | null = null
  #drawnPoseUs = -Infinity
  #isDrawing = false
  #isDisposed = false

  constructor(options: VirtualSourceOptions) {
    this.#options = options
    this.#draw = new DrawLink(options.drawWorker)
    void this.#begin()
  }

  setPace(pace: Pace): void {
    this.#pacer.pace = pace
    this.#follow()
    this.#schedule()
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#stream?.[Symbol.dispose]()
    this.#draw[Symbol.dispose]()
  }

  async #begin(): Promise<void> {
    const world = await this.#options.describe().catch(() => null)
    if (this.#isDisposed) return
    if (world === null) {
      this.#retry()
      return
    }
    const fault = await this.#draw.setWorld(world, this.#options.cameras)
    if (this.#isDisposed) return
    if (fault !== null) {
      for (const camera of this.#options.cameras) this.#options.onFault(camera.name, fault)
      return
    }
    this.#isReady = true
    this.#streamHz = 0
    this.#follow()
    this.#schedule()
  }

  /** Asks for as many poses as the pace needs: in a take two a frame, so that a picture is at most half a frame older than its row. */
  #follow(): void {
    const { pace } = this.#pacer
    const hz = pace.kind === 'idle' ? 0 : pace.kind === 'take' ? 2 * pace.grid.fps : pace.fps
    if (!this.#isReady || hz === this.#streamHz) return
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

  /** Sleeps until the next grid time that is worth drawing. */
  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#isDisposed || this.#isDrawing || !this.#isReady || this.#pacer.pace.kind === 'idle') return
    const nowUs = this.#options.nowUs()
    const next = nowUs === null ? null : this.#pacer.next(nowUs)
    if (next === null) {
      this.#timer = setTimeout(() => this.#schedule(), 50)
      return
    }
    this.#timer = setTimeout(() => void this.#drawAt(next.gridUs), next.waitUs / 1000)
  }

  async #drawAt(gridUs: number): Promise<void> {
    if (!this.#isSettled(gridUs)) {
      this.#timer = setTimeout(() => this.#schedule(), pollMs)
      return
    }
    const startMs = performance.now()
    this.#isDrawing = true
    await this.#drawPose(gridUs)
    this.#isDrawing = false
    this.#pacer.drawn((performance.now() - startMs) * 1000)
    this.#schedule()
  }

  /** In a take: no pose can come any more that would be drawn instead, or it was waited for long enough. */
  #isSettled(gridUs: number): boolean {
    if (this.#pacer.pace.kind !== 'take') return true
    const newest = this.#poses.newest
    if (newest !== null && newest.timeUs > gridUs) return true
    return (this.#options.nowUs() ?? 0) > gridUs + patienceUs
  }

  async #drawPose(gridUs: number): Promise<void> {
    const pose = this.#poses.at(gridUs)
    // A world that stands still in time gives no new picture; the take repeats the last one.
    if (pose === null || pose.timeUs <= this.#drawnPoseUs) return
    const pictures = await this.#draw.draw(pose.pose, pose.timeUs)
    if (pictures.length > 0) this.#drawnPoseUs = pose.timeUs
    for (const { name, frame } of pictures) {
      if (this.#isDisposed) frame.close()
      else this.#options.onPicture(name, { frame, captureUs: pose.timeUs, uncertaintyUs: 0 })
    }
  }
}
