/** Speed and change of speed of the goals as sent, joint by joint, from the telemetry stream. */
import type { TelemetryBatch } from '#contract/services/drive.ts'

export interface MotionPeak {
  /** Largest speed and change of speed over all joints, program units per second and per second squared. */
  readonly speed: number
  readonly acceleration: number
  readonly ticks: number
}

/** Collects consecutive goals; a gap in time or in goals starts anew, because nothing is known across it. */
export class MotionMeter {
  #last: { timeUs: number; dtS: number; goal: Float32Array; speed: Float32Array | null } | null = null
  #peak = { speed: 0, acceleration: 0, ticks: 0 }

  get peak(): MotionPeak {
    return this.#peak
  }

  take({ joints, timeUs, goalUs = timeUs, sent }: TelemetryBatch): void {
    for (let tick = 0; tick < timeUs.length; tick++) {
      const goal = sent.slice(tick * joints, (tick + 1) * joints)
      const now = goalUs[tick] ?? 0
      if (goal.some(Number.isNaN)) {
        this.#last = null
        continue
      }
      this.#step(now, goal)
    }
  }

  #step(nowUs: number, goal: Float32Array): void {
    const before = this.#last
    const dtS = before === null ? 0 : (nowUs - before.timeUs) / 1e6
    // Two goals of one moment, as after a read that held a tick up: a Float32 does not resolve their difference.
    if (before !== null && dtS < 0.001) return
    // Longer than three periods is a pause of the loop or a batch that was not seen.
    if (before === null || dtS <= 0 || dtS > 0.015) {
      this.#last = { timeUs: nowUs, dtS: 0, goal, speed: null }
      return
    }
    const speed = goal.map((value, joint) => (value - (before.goal[joint] ?? value)) / dtS)
    this.#peak.ticks += 1
    // As the limiter counts, and where goals in between were not seen, from middle to middle.
    const apartS = Math.max(dtS, (before.dtS + dtS) / 2)
    for (const [joint, value] of speed.entries()) {
      this.#peak.speed = Math.max(this.#peak.speed, Math.abs(value))
      const previous = before.speed?.[joint]
      if (previous !== undefined)
        this.#peak.acceleration = Math.max(this.#peak.acceleration, Math.abs(value - previous) / apartS)
    }
    this.#last = { timeUs: nowUs, dtS, goal, speed }
  }
}
