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

  /** `force` also takes it from a holder that is alive but does not drive. */
  claim(peer: string, label: string, force: boolean): ClaimAnswer {
    const isOther = this.#holder !== null && this.#holder.peer !== peer
    const isAlive = this.#clock() - this.#heardUs <= leaseSilentUs
    if (isOther && isAlive && !(force && !this.#isDriving()))
      return { isGranted: false, holder: this.#holder?.label ?? null }
    this.#holder = { peer, label }
    if (isOther || this.#heardUs === Number.NEGATIVE_INFINITY) {
      this.#heardUs = this.#clock()
      this.#reachableUs = this.#heardUs
    }
    return { isGranted: true, holder: label }
  }

  /** The peer lets go, or its connection is gone. Whatever it was driving comes to rest by its silence. */
  release(peer: string): void {
    if (this.#holder?.peer === peer) this.#holder = null
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
