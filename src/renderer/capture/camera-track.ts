/** The newest picture of one camera, with figures on how it comes in. Owns that picture; hands out copies. */
import type { Fault } from '#core/result.ts'
import type { Picture } from './camera-source.ts'
import { RollingMean, RollingRate } from './rolling.ts'
import type { CameraStats, TakeStats } from './worker-messages.ts'

/** Without a picture for this long a camera counts as stalled, microseconds. */
const stalledAfterUs = 600_000

export class CameraTrack implements Disposable {
  readonly name: string
  readonly #rate = new RollingRate(2_000_000)
  readonly #age = new RollingMean(1_000_000)
  #latest: Picture | null = null
  #lastUs: number | null = null
  #fault: Fault | null = null

  constructor(name: string) {
    this.name = name
  }

  get latest(): Picture | null {
    return this.#latest
  }

  /** Takes over a picture that is ready at `nowUs`, rig clock. */
  push(picture: Picture, nowUs: number): void {
    this.#latest?.frame.close()
    this.#latest = picture
    this.#lastUs = nowUs
    this.#fault = null
    this.#rate.add(picture.captureUs)
    this.#age.add(nowUs, nowUs - picture.captureUs)
  }

  /** A copy that the receiver closes. */
  copy(): Picture | null {
    return this.#latest === null ? null : { ...this.#latest, frame: this.#latest.frame.clone() }
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
    this.#latest?.frame.close()
    this.#latest = null
  }

  /** A camera that nobody looks at is not stalled. */
  #status(nowUs: number, isPaced: boolean): CameraStats['status'] {
    if (this.#fault !== null) return 'fault'
    if (this.#lastUs === null) return 'waiting'
    return isPaced && nowUs - this.#lastUs > stalledAfterUs ? 'stalled' : 'live'
  }
}
