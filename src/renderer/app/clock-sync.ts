/**
 * The offset from this page's clock to the rig host's, measured all the time by round trips. Page time is microseconds
 * of `performance.now()`; workers add the difference of their `performance.timeOrigin`.
 */
import { ClockOffsetEstimator, type ClockOffset } from '#core/timeline/clock-offset.ts'
import type { Services } from './services.ts'
import type { Timers } from './timers.ts'

const quickMs = 60
const steadyMs = 500
const quickSamples = 8

export class ClockSync {
  readonly #timers: Timers
  #estimator = new ClockOffsetEstimator()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Null before the first round trip. */
  offset(): ClockOffset | null {
    return this.#estimator.estimate(this.#timers.nowMs() * 1000)
  }

  /** The rig clock now, microseconds, or null before the first round trip. */
  nowRigUs(): number | null {
    return this.#estimator.toRemoteUs(this.#timers.nowMs() * 1000)
  }

  /** Measures for one session; quickly at first, then steadily. `onAnswer` runs at every reply of the rig host. */
  measure(drive: Services['drive'], onAnswer: () => void): Disposable {
    this.#estimator = new ClockOffsetEstimator()
    const estimator = this.#estimator
    let isDisposed = false
    let samples = 0
    let next: Disposable | null = null
    const again = (): void => {
      if (isDisposed) return
      next = this.#timers.after(samples < quickSamples ? quickMs : steadyMs, () => void ping())
    }
    const ping = async (): Promise<void> => {
      const sentLocalUs = this.#timers.nowMs() * 1000
      try {
        const answer = await drive.ping({ clientUs: sentLocalUs })
        const receivedLocalUs = this.#timers.nowMs() * 1000
        estimator.add({
          sentLocalUs,
          receivedRemoteUs: answer.rigUs,
          sentRemoteUs: answer.rigUs,
          receivedLocalUs,
        })
        samples += 1
        if (!isDisposed) onAnswer()
      } catch {
        // A rig host that is away answers nothing; freshness shows that, and the next ping tries again.
        samples = 0
      }
      again()
    }
    void ping()
    return {
      [Symbol.dispose]: () => {
        isDisposed = true
        next?.[Symbol.dispose]()
      },
    }
  }
}
