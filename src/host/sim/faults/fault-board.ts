/**
 * Bad days on command: which faults are on, and what each does to line, supply, servo or joint. Everything that can be taken
 * back is taken back by clearing it; `reset` and `overload` are events, listed only while the servo still shows them.
 */
import { fail, ok, type Result } from '#core/result.ts'
import { jointNames } from '../scene/joints.ts'
import { type ArmName, armNames } from '../scene/layout.ts'
import { servoPhysics } from '../scene/servo-physics.ts'
import type { Sts3215 } from '../servo/sts3215.ts'
import type { BusLink } from '../link/bus-link.ts'
import type { WireFaults } from '../bus/wire-faults.ts'
import type { SimArm } from '../physics/sim-arm.ts'

export type FaultKind =
  'drop' | 'corrupt' | 'delay' | 'unplug' | 'overload' | 'hot' | 'voltage' | 'stuck' | 'reset' | 'silent'

export interface SimulatedFault {
  readonly bus: ArmName
  readonly kind: FaultKind
  /** The joint it hits; absent hits the whole arm. */
  readonly joint?: string | undefined
  /** drop, corrupt: chance per packet 0…1 · delay: ms · hot: °C · voltage: V. */
  readonly amount?: number | undefined
  /** drop, corrupt, delay: ends by itself after so many packets. */
  readonly count?: number | undefined
}

/** One arm with everything that can go wrong about it. */
export interface FaultTarget {
  readonly arm: SimArm
  readonly link: BusLink
  readonly faults: WireFaults
}

const defaults = { drop: 0.2, corrupt: 0.2, delayMs: 30, hotC: 75, voltageV: 5.5 }

export class FaultBoard {
  readonly #targets: Readonly<Record<ArmName, FaultTarget>>
  readonly #listeners = new Set<() => void>()
  #active: SimulatedFault[] = []

  constructor(targets: Readonly<Record<ArmName, FaultTarget>>) {
    this.#targets = targets
  }

  /** Faults that are on now. */
  list(): readonly SimulatedFault[] {
    return this.#active.filter(
      (fault) => fault.kind !== 'overload' || this.#servos(fault).some((servo) => servo.isOverloaded),
    )
  }

  /** Fails with `contract/invalid-request` for a joint that the arm does not have. */
  async set(fault: SimulatedFault): Promise<Result<void>> {
    if (fault.joint !== undefined && !jointNames.includes(fault.joint))
      return fail('contract/invalid-request', `no joint ${fault.joint}`)
    this.#forget(fault)
    const applied = await this.#apply(fault)
    if (!applied.ok) return applied
    if (fault.kind !== 'reset') this.#active.push(fault)
    this.#changed()
    return ok(undefined)
  }

  async clear(fault: Pick<SimulatedFault, 'bus' | 'kind' | 'joint'>): Promise<Result<void>> {
    this.#forget(fault)
    const undone = await this.#undo(fault)
    this.#changed()
    return undone
  }

  async clearAll(): Promise<Result<void>> {
    for (const fault of this.#active) {
      const cleared = await this.clear(fault)
      if (!cleared.ok) return cleared
    }
    for (const name of armNames) this.#targets[name].faults.clearAll()
    return ok(undefined)
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  async #apply(fault: SimulatedFault): Promise<Result<void>> {
    const { arm, link, faults } = this.#targets[fault.bus]
    const servos = this.#servos(fault)
    switch (fault.kind) {
      case 'drop':
      case 'corrupt':
      case 'delay':
        faults.set({
          kind: fault.kind,
          servo: this.#onlyServo(fault),
          probability: fault.kind === 'delay' ? 1 : (fault.amount ?? defaults[fault.kind]),
          count: fault.count ?? null,
          delayUs: fault.kind === 'delay' ? (fault.amount ?? defaults.delayMs) * 1000 : 0,
        })
        break
      case 'unplug':
        return await link.setPlugged(false)
      case 'overload':
        for (const servo of servos) servo.tripOverload()
        break
      case 'hot':
        for (const servo of servos) servo.motor.heldTemperatureC = fault.amount ?? defaults.hotC
        break
      case 'voltage':
        arm.supplyV = fault.amount ?? defaults.voltageV
        break
      case 'stuck':
        for (const joint of this.#joints(fault)) arm.setStuck(joint, true)
        break
      case 'reset':
        for (const servo of servos) servo.powerCycle()
        break
      case 'silent':
        for (const servo of servos) servo.isSilent = true
        break
    }
    return ok(undefined)
  }

  async #undo(fault: Pick<SimulatedFault, 'bus' | 'kind' | 'joint'>): Promise<Result<void>> {
    const { arm, link, faults } = this.#targets[fault.bus]
    const servos = this.#servos(fault)
    switch (fault.kind) {
      case 'drop':
      case 'corrupt':
      case 'delay':
        faults.clear(fault.kind, this.#onlyServo(fault))
        break
      case 'unplug':
        return await link.setPlugged(true)
      case 'overload':
        for (const servo of servos) servo.clearProtection()
        break
      case 'hot':
        for (const servo of servos) servo.motor.heldTemperatureC = null
        break
      case 'voltage':
        arm.supplyV = servoPhysics.nominalVoltageV
        break
      case 'stuck':
        for (const joint of this.#joints(fault)) arm.setStuck(joint, false)
        break
      case 'silent':
        for (const servo of servos) servo.isSilent = false
        break
      case 'reset':
        break
    }
    return ok(undefined)
  }

  #joints({ joint }: Pick<SimulatedFault, 'joint'>): number[] {
    return [...jointNames.keys()].filter((index) => joint === undefined || jointNames[index] === joint)
  }

  #servos(fault: Pick<SimulatedFault, 'bus' | 'joint'>): Sts3215[] {
    const { servos } = this.#targets[fault.bus].arm
    return this.#joints(fault).flatMap((index) => servos[index] ?? [])
  }

  #onlyServo(fault: Pick<SimulatedFault, 'bus' | 'joint'>): Sts3215 | null {
    return fault.joint === undefined ? null : (this.#servos(fault)[0] ?? null)
  }

  #forget({ bus, kind, joint }: Pick<SimulatedFault, 'bus' | 'kind' | 'joint'>): void {
    this.#active = this.#active.filter(
      (other) => other.bus !== bus || other.kind !== kind || other.joint !== joint,
    )
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
