/** The newest pictures of one camera, with figures on how they come in. Owns them; hands out copies. */
import type { Fault } from '#core/result.ts'
import type { Picture } from './camera-source.ts'
import { RollingMean, RollingRate } from './rolling.ts'
import type { CameraStats, TakeStats } from './worker-messages.ts'

/** An age is shown only when the capture time is known at least this well, microseconds. */
const knownWithinUs = 20_000
/** Without a picture for this long a camera counts as stalled, microseconds. */
const stalledAfterUs = 600_000

/** How long pictures are kept, microseconds. */
const keptUs = 250_000

/** The same picture once more; whoever gets it closes it. */
export const copyOf = (picture: Picture): Picture => ({ ...picture, frame: picture.frame.clone() })

export class CameraTrack implements Disposable {
  readonly name: string
  readonly #rate = new RollingRate(2_000_000)
  readonly #age = new RollingMean(1_000_000)
  /** Oldest first. */
  #recent: Picture[] = []
  #lastUs: number | null = null
  #fault: Fault | null = null

  constructor(name: string) {
    this.name = name
  }

  get latest(): Picture | null {
    return this.#recent.at(-1) ?? null
  }

  /** Takes over a picture that is ready at `nowUs`, rig clock. */
  push(picture: Picture, nowUs: number): void {
    this.#recent.push(picture)
    while (this.#recent.length > 1 && (this.#recent[0]?.captureUs ?? 0) < picture.captureUs - keptUs)
      this.#recent.shift()?.frame.close()
    this.#lastUs = nowUs
    this.#fault = null
    this.#rate.add(picture.captureUs)
    if (picture.uncertaintyUs <= knownWithinUs) this.#age.add(nowUs, nowUs - picture.captureUs)
  }

  /** Copies of the last quarter second, oldest first, for a take whose order came late. The receiver closes them. */
  copies(): Picture[] {
    return this.#recent.map(copyOf)
  }

  fail(fault: Fault): void {
    this.#fault = fault
  }

  stats(nowUs: number, isPaced: boolean, take: TakeStats | null): CameraStats {
    this.#rate.forget(nowUs)
    this.#age.forget(nowUs)
    return {
      status: this.#status(nowUs, isPaced),
      fault: this.#fault,
      fps: this.#rate.perSecond,
      ageMs: this.#age.mean === null ? null : this.#age.mean / 1000,
      take,
    }
  }

  [Symbol.dispose](): void {
    for (const picture of this.#recent.splice(0)) picture.frame.close()
  }

  /** A camera that nobody looks at is not stalled. */
  #status(nowUs: number, isPaced: boolean): CameraStats['status'] {
    if (this.#fault !== null) return 'fault'
    if (this.#lastUs === null) return 'waiting'
    return isPaced && nowUs - this.#lastUs > stalledAfterUs ? 'stalled' : 'live'
  }
}
