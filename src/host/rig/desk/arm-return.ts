/**
 * Brings an arm back whose bus went away: the port is tried again until it answers, and the arm takes its old seat. The
 * session then holds; a person engages. Owner of every arm it opened.
 */
import type { Fault, Result } from '#core/result.ts'
import type { HostOptions } from '../../shared/host-options.ts'
import type { ArmPort } from '../arm-port.ts'
import { openArm } from '../bus/open-arm.ts'
import { armAddress, type Role, type Station } from './station.ts'

const retryMs = 500

export interface ArmReturnParts {
  readonly station: Station
  readonly options: HostOptions
  readonly later: (callback: () => void, ms: number) => Disposable
  readonly attach: (role: Role, arm: ArmPort) => Result<void>
  readonly tell: (role: Role, fault: Fault | null) => void
}

export class ArmReturn implements AsyncDisposable {
  readonly #parts: ArmReturnParts
  readonly #opened = new Map<Role, AsyncDisposable>()
  readonly #timers = new Map<Role, Disposable>()
  #isEnded = false

  constructor(parts: ArmReturnParts) {
    this.#parts = parts
  }

  gone(role: Role, fault: Fault): void {
    this.#parts.tell(role, fault)
    this.#again(role)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true
    for (const timer of this.#timers.values()) timer[Symbol.dispose]()
    for (const arm of this.#opened.values()) await arm[Symbol.asyncDispose]()
  }

  #again(role: Role): void {
    if (this.#isEnded) return
    this.#timers.get(role)?.[Symbol.dispose]()
    this.#timers.set(
      role,
      this.#parts.later(() => void this.#tryOnce(role), retryMs),
    )
  }

  async #tryOnce(role: Role): Promise<void> {
    const { station, options, attach, tell } = this.#parts
    const config = station.rig[role]
    const old = station[role]
    if (this.#isEnded || config === null || old === null) return
    // The port is exclusive: whatever held it before must be closed first.
    await (this.#opened.get(role) ?? old)[Symbol.asyncDispose]()
    this.#opened.delete(role)
    const { profile, calibration } = old
    const found = await openArm({ port: armAddress(config, role, options), profile, calibration, role })
    if (!found.ok) {
      tell(role, found.error)
      return this.#again(role)
    }
    if (this.#isEnded) return await found.value[Symbol.asyncDispose]()
    this.#opened.set(role, found.value)
    const seated = attach(role, found.value)
    tell(role, seated.ok ? null : seated.error)
    return undefined
  }
}
