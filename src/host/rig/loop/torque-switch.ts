/**
 * Carries out what the core wants of one arm's torque, beside the ticks, and is the interlock on goals. Invariants: no goal
 * passes before `torqueOn` has succeeded or after `cut` was called, ticks in flight included; a late success of a torque-on
 * that was overtaken is switched off again.
 */
import type { TorqueReport, TorqueWish } from '#core/control/core-types.ts'
import { fail, ok, type Fault, type Result } from '#core/result.ts'
import type { ArmPort } from '../arm-port.ts'

export type TorqueShown = 'on' | 'off' | 'unknown'

const fresh: TorqueReport = { state: 'unknown', request: 0, fault: null }

export class TorqueSwitch {
  #port: ArmPort | null = null
  #report: TorqueReport = fresh
  #obeyed = 0
  /** Rises with every act; an act that finds another number has been overtaken. */
  #act = 0
  #cutting: Promise<Result<void>> | null = null
  #isCapped = false
  /** As the port was found; unknown from the first act on. */
  #found: TorqueShown = 'unknown'

  get report(): TorqueReport {
    return this.#report
  }

  /** For people. What was merely found is no leave to send: only `torqueOn` of this port gives that. */
  get shown(): TorqueShown {
    const { state } = this.#report
    return state === 'on' || state === 'off' ? state : this.#found
  }

  get canSend(): boolean {
    return this.#report.state === 'on' && this.#cutting === null
  }

  attach(port: ArmPort): void {
    this.#port = port
    this.#forget()
    if (port.report !== undefined) this.#found = port.report.heldJoints.length > 0 ? 'on' : 'off'
  }

  /** The bus is gone: nothing is known of the torque, and nothing may be sent. */
  detach(): void {
    this.#port = null
    this.#forget()
  }

  /** Does what a new request asks. Returns at once; the outcome is in `report`. */
  obey(wish: TorqueWish): void {
    if (wish.request === this.#obeyed) return
    this.#obeyed = wish.request
    if (wish.wanted === 'on') void this.#switchOn(wish)
    else if (wish.wanted === 'off') void this.#switchOff(wish.request)
  }

  /** Emergency: no goal passes from this moment on, and torque goes off without waiting for a tick. */
  cut(): Promise<Result<void>> {
    this.#begin()
    this.#report = { ...this.#report, state: 'switching', fault: null }
    const cutting = this.#release()
    this.#cutting = cutting
    void cutting.then((result) => {
      if (this.#cutting !== cutting) return
      this.#cutting = null
      this.#settle(result, this.#obeyed)
    })
    return cutting
  }

  async #switchOn({ request, cap }: TorqueWish): Promise<void> {
    const act = this.#begin()
    const port = this.#port
    this.#report = { state: 'switching', request, fault: null }
    if (!port) {
      this.#report = { state: 'unknown', request, fault: gone }
      return
    }
    if (cap !== null) this.#isCapped = true
    const capped = cap === null ? ok(undefined) : await port.setTorqueLimit(cap)
    if (act !== this.#act) return
    const result = capped.ok ? await port.torqueOn() : capped
    if (act === this.#act) {
      this.#report = { state: result.ok ? 'on' : 'unknown', request, fault: result.ok ? null : result.error }
    } else if (result.ok && port === this.#port && this.#report.state !== 'on') {
      await port.torqueOff()
    }
  }

  async #switchOff(request: number): Promise<void> {
    if (this.#cutting) {
      this.#report = { ...this.#report, request }
      return
    }
    const act = this.#begin()
    this.#report = { state: 'switching', request, fault: null }
    const result = await this.#release()
    if (act === this.#act) this.#settle(result, request)
    // The cap lives in the servo until it loses power: give back what was taken.
    if (result.ok && this.#isCapped && act === this.#act) {
      this.#isCapped = false
      await this.#port?.setTorqueLimit(1)
    }
  }

  async #release(): Promise<Result<void>> {
    const port = this.#port
    return port ? port.torqueOff() : fail('bus/closed', 'The bus is gone; torque cannot be changed')
  }

  #settle(result: Result<void>, request: number): void {
    this.#report = result.ok
      ? { state: 'off', request, fault: null }
      : { state: 'unknown', request, fault: result.error }
  }

  #begin(): number {
    this.#found = 'unknown'
    return ++this.#act
  }

  #forget(): void {
    this.#begin()
    this.#cutting = null
    this.#report = { state: 'unknown', request: this.#obeyed, fault: null }
  }
}

const gone: Fault = { code: 'bus/closed', message: 'The bus is gone; torque cannot be changed' }
