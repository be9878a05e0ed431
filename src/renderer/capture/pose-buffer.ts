/** The last poses of the simulated world, so that a camera can be drawn as it stood at a grid time and never later. */

export interface TimedPose {
  readonly timeUs: number
  readonly pose: Float64Array
}

const kept = 32

export class PoseBuffer {
  #poses: TimedPose[] = []

  /** Poses must come in time order; one from before the newest means that the world began anew. */
  push(pose: TimedPose): void {
    const newest = this.#poses.at(-1)
    if (newest !== undefined && pose.timeUs < newest.timeUs) this.#poses = []
    this.#poses.push(pose)
    if (this.#poses.length > kept) this.#poses.shift()
  }

  /** The newest pose at or before `timeUs`, or null. */
  at(timeUs: number): TimedPose | null {
    return this.#poses.findLast((pose) => pose.timeUs <= timeUs) ?? null
  }

  get newest(): TimedPose | null {
    return this.#poses.at(-1) ?? null
  }
}
