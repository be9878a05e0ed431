/**
 * One page drives. The lease says which, whether it is alive, and whether its stop keys arrive. Invariants: a page that
 * drives and is alive never loses the lease to another; stopping needs no lease.
 */
import type { Fault } from '#core/result.ts'
import type { LeaseView } from '#core/control/watch-types.ts'
import type { Clock } from '../../shared/clock.ts'

/** A holder silent for longer has lost its hold on the lease (DESIGN §4: the arm comes to rest at the same time). */
export const leaseSilentUs = 300_000

export interface Heartbeat {
  /** The window has the focus: its stop keys arrive. */
  readonly hasFocus: boolean
  /** A pedal or the like that stops without the focus. */
  readonly hasOtherStop: boolean
}

export interface ClaimAnswer {
  readonly isGranted: boolean
  /** Label of who holds it now. */
  readonly holder: string | null
}

interface Holder {
  readonly peer: string
  readonly label: string
}

export class Lease {
  readonly #clock: Clock
  readonly #isDriving: () => boolean
  #holder: Holder | null = null
  #heardUs = Number.NEGATIVE_INFINITY
  #reachableUs = Number.NEGATIVE_INFINITY

  /** @param isDriving whether somebody moves an arm now: then only a silent holder can lose the lease */
  constructor(clock: Clock, isDriving: () => boolean) {
    this.#clock = clock
    this.#isDriving = isDriving
  }

  get holder(): Holder | null {
    return this.#holder
  }

  /**
   * Granted at once to whoever has it, and to anybody when nobody drives and the holder is away or silent. `force` also
   * takes it from a holder that is alive but only watches. While an arm is driven it changes hands never: it first rests.
   */
  claim(peer: string, label: string, force: boolean): ClaimAnswer {
    const holder = this.#holder
    const isSame = holder?.peer === peer
    const isAlive = holder !== null && this.#clock() - this.#heardUs <= leaseSilentUs
    if (!isSame && (this.#isDriving() || (isAlive && !force)))
      return { isGranted: false, holder: holder?.label ?? null }
    this.#holder = { peer, label }
    if (!isSame) {
      this.#heardUs = this.#clock()
      this.#reachableUs = this.#heardUs
    }
    return { isGranted: true, holder: label }
  }

  /** The peer lets go, or its connection is gone. What it was driving comes to rest: nobody is heard any more. */
  release(peer: string): void {
    if (this.#holder?.peer !== peer) return
    this.#holder = null
    this.#heardUs = Number.NEGATIVE_INFINITY
    this.#reachableUs = Number.NEGATIVE_INFINITY
  }

  heartbeat(peer: string, { hasFocus, hasOtherStop }: Heartbeat): { readonly isHolder: boolean } {
    if (this.#holder?.peer !== peer) return { isHolder: false }
    this.#heardUs = this.#clock()
    if (hasFocus || hasOtherStop) this.#reachableUs = this.#heardUs
    return { isHolder: true }
  }

  /** Null when this peer may command, else why not. */
  guard(peer: string): Fault | null {
    if (this.#holder?.peer === peer) return null
    const holder = this.#holder?.label ?? null
    const message = holder === null ? 'Take control on this page first' : 'Another page drives'
    return { code: 'control/not-leased', message, data: { holder } }
  }

  /** For the watchdog. A holder that left counts from its last word. */
  view(nowUs: number): LeaseView {
    return { silentUs: nowUs - this.#heardUs, deafUs: nowUs - this.#reachableUs }
  }
}
