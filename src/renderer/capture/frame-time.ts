/**
 * When a real camera's picture was taken. The standards leave open which clock stamps a picture, so a stamp is believed only
 * after it was seen to behave like a capture time on the machine's own clock: always before the picture arrives, and by little.
 */
import type { RigTime } from './rig-clock.ts'

export interface CaptureTime {
  /** Rig clock, microseconds. */
  readonly captureUs: number
  readonly uncertaintyUs: number
}

/** `monotonic`: the stamps are the machine's clock, which is the rig's. `arrival`: they are not; pictures count as taken when they came. */
export type StampClock = 'monotonic' | 'arrival'

/** A stamp may seem this much younger than its arrival, because clocks are rounded. */
const roundingUs = 1500
/** USB cameras deliver within a few frames; a stamp that claims more is another clock. */
const latestUs = 400_000
/** Pictures in a row that must agree. */
const needed = 10
/** A camera's way into the browser takes up to about this long; without a stamp that much is unknown. */
const unknownDelayUs = 100_000

export class FrameTimer {
  #agreed = 0

  get clock(): StampClock {
    return this.#agreed >= needed ? 'monotonic' : 'arrival'
  }

  /** `stampUs`: `VideoFrame.timestamp`. One stamp that does not fit sends the camera back to arrival times for a while. */
  time(stampUs: number, arrival: RigTime): CaptureTime {
    const ageUs = arrival.us - stampUs
    const isPlausible = ageUs >= -roundingUs - arrival.uncertaintyUs && ageUs <= latestUs
    this.#agreed = isPlausible ? this.#agreed + 1 : 0
    if (this.clock === 'arrival')
      return { captureUs: arrival.us, uncertaintyUs: arrival.uncertaintyUs + unknownDelayUs }
    return { captureUs: Math.round(Math.min(stampUs, arrival.us)), uncertaintyUs: 0 }
  }
}
