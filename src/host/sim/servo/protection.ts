/**
 * What the servo does to protect itself: status bits, and how much output is left. Voltage and temperature act while they
 * last; over-current and overload are found after their protection times and stay until torque is written again (overload
 * also ends when the goal reverses). Which of them act on the output is the Unloading_Condition register's choice.
 */
import { feetechErrorBit } from '#core/bus/feetech-packet.ts'

export interface ProtectionSettings {
  readonly unloadMask: number
  readonly maxTemperatureC: number
  readonly minVoltageV: number
  readonly maxVoltageV: number
  readonly protectionCurrentA: number
  readonly overCurrentTimeS: number
  /** Duty 0…1 at which overload counts, how long it may last, and what is left afterwards. */
  readonly overloadDuty: number
  readonly overloadTimeS: number
  readonly protectiveDuty: number
}

export interface ProtectionInput {
  readonly temperatureC: number
  readonly voltageV: number
  readonly currentA: number
  /** Signed duty of the last step. */
  readonly duty: number
}

export class Protection {
  #overloadS = 0
  #overCurrentS = 0
  #overloadSign = 0
  #isOverCurrent = false
  #statusBits = 0

  /** The Status register, and the ERR byte of every reply. */
  get statusBits(): number {
    return this.#statusBits
  }

  get isOverloaded(): boolean {
    return this.#overloadSign !== 0
  }

  /** Looks at the last step. Returns the largest duty that may still be applied, 0…1. */
  step(input: ProtectionInput, settings: ProtectionSettings, dtS: number): number {
    const load = Math.abs(input.duty)
    this.#overloadS = load > 0 && load >= settings.overloadDuty ? this.#overloadS + dtS : 0
    if (this.#overloadS >= settings.overloadTimeS && this.#overloadSign === 0)
      this.trip(Math.sign(input.duty))
    this.#overCurrentS = Math.abs(input.currentA) > settings.protectionCurrentA ? this.#overCurrentS + dtS : 0
    if (this.#overCurrentS >= settings.overCurrentTimeS) this.#isOverCurrent = true

    const isOutsideVoltage = input.voltageV < settings.minVoltageV || input.voltageV > settings.maxVoltageV
    this.#statusBits =
      (isOutsideVoltage ? feetechErrorBit.voltage : 0) |
      (input.temperatureC > settings.maxTemperatureC ? feetechErrorBit.temperature : 0) |
      (this.#isOverCurrent ? feetechErrorBit.current : 0) |
      (this.#overloadSign === 0 ? 0 : feetechErrorBit.overload)

    const acting = this.#statusBits & settings.unloadMask
    if ((acting & ~feetechErrorBit.overload) !== 0) return 0
    return acting === 0 ? 1 : settings.protectiveDuty
  }

  /** Overload found while pushing in the direction of `sign`. */
  trip(sign: number): void {
    this.#overloadSign = sign === 0 ? 1 : sign
  }

  /** The goal moved away in this direction: an overload in the other direction is over. */
  onReverse(sign: number): void {
    if (sign !== 0 && sign === -this.#overloadSign) this.#endOverload()
  }

  /** Torque was written, or power came back: latched states are over. */
  clear(): void {
    this.#endOverload()
    this.#overCurrentS = 0
    this.#isOverCurrent = false
  }

  #endOverload(): void {
    this.#overloadS = 0
    this.#overloadSign = 0
  }
}
