/**
 * Bad days of a line: packets that get lost, damaged or late, by chance or a set number of times. Randomness is a
 * parameter, so a seeded run repeats itself.
 */
import type { Random } from '../random.ts'
import type { Sts3215 } from '../servo/sts3215.ts'

export type WireFaultKind = 'drop' | 'corrupt' | 'delay'

export interface WireFault {
  readonly kind: WireFaultKind
  /** The servo whose replies it hits; null hits the whole line, and for `drop` the host's requests too. */
  readonly servo: Sts3215 | null
  /** Chance per packet, 0…1. */
  readonly probability: number
  /** Ends by itself after so many hits; null lasts. */
  readonly count: number | null
  readonly delayUs: number
}

export interface Fate {
  /** Null: lost. */
  readonly bytes: Uint8Array | null
  readonly delayUs: number
}

export class WireFaults {
  readonly #random: Random
  #active: { fault: WireFault; left: number }[] = []

  constructor(random: Random) {
    this.#random = random
  }

  set(fault: WireFault): void {
    this.clear(fault.kind, fault.servo)
    this.#active.push({ fault, left: fault.count ?? Infinity })
  }

  clear(kind: WireFaultKind, servo: Sts3215 | null): void {
    this.#active = this.#active.filter(({ fault }) => fault.kind !== kind || fault.servo !== servo)
  }

  clearAll(): void {
    this.#active = []
  }

  /** True when a request of the host gets lost on its way to every servo. */
  losesRequest(): boolean {
    return this.#active.some(
      (entry) => entry.fault.kind === 'drop' && entry.fault.servo === null && this.#hits(entry),
    )
  }

  /** What becomes of one servo's reply. */
  fateOf(servo: Sts3215, reply: Uint8Array): Fate {
    let bytes: Uint8Array | null = reply
    let delayUs = 0
    for (const entry of this.#active) {
      const { fault } = entry
      if ((fault.servo !== null && fault.servo !== servo) || bytes === null || !this.#hits(entry)) continue
      if (fault.kind === 'drop') bytes = null
      else if (fault.kind === 'corrupt') bytes = this.#damaged(bytes)
      else delayUs += fault.delayUs
    }
    return { bytes, delayUs }
  }

  #hits(entry: { fault: WireFault; left: number }): boolean {
    if (entry.left <= 0 || this.#random() >= entry.fault.probability) return false
    entry.left -= 1
    return true
  }

  /** One bit turned over, anywhere in the packet. */
  #damaged(bytes: Uint8Array): Uint8Array {
    const bit = Math.floor(this.#random() * bytes.length * 8)
    const damaged = bytes.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return damaged
  }
}
