/**
 * The control table of one STS servo as bytes: what can be read and written, and what survives power-off. Invariant: a
 * host's EPROM write always takes effect at once, and is kept over a power cycle only if Lock was 0 when it was written
 * (spec/lerobot.md §2.1).
 */
import {
  type FeetechRegister,
  decodeRegister,
  encodeRegister,
  sramStart,
  stsRegisters,
} from '#core/bus/feetech-registers.ts'

const tableSize = 256

const isReadOnly = (address: number): boolean => address < 5 || (address >= 56 && address <= 70)

export class ServoMemory {
  readonly #live = new Uint8Array(tableSize)
  readonly #stored: Uint8Array

  /** @param eprom the bytes kept without power, addresses 0–39 */
  constructor(eprom: Uint8Array) {
    this.#stored = eprom.slice(0, sramStart)
    this.powerUp()
  }

  get(register: FeetechRegister): number {
    return decodeRegister(register, this.#live, 0)
  }

  /** Writes as the servo itself does: present values and flags, never into what survives power-off. */
  set(register: FeetechRegister, value: number): void {
    this.#live.set(encodeRegister(register, value), register.address)
  }

  /** Writes as the servo itself does, into what survives power-off as well. */
  store(register: FeetechRegister, value: number): void {
    const bytes = encodeRegister(register, value)
    this.#live.set(bytes, register.address)
    this.#stored.set(bytes, register.address)
  }

  /** Replaces what survives power-off; takes effect with the next `powerUp`. */
  storeAll(eprom: Uint8Array): void {
    this.#stored.set(eprom.subarray(0, sramStart))
  }

  /** `length` bytes from `address`; addresses outside the table read as 0. */
  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    bytes.set(this.#live.subarray(address, Math.min(tableSize, address + length)))
    return bytes
  }

  /** Writes as a host does. Read-only addresses are skipped, the rest of the block is taken. */
  write(address: number, data: Uint8Array): void {
    const isKept = this.get(stsRegisters.Lock) === 0
    for (const [index, value] of data.entries()) {
      const at = address + index
      if (at >= tableSize || isReadOnly(at)) continue
      this.#live[at] = value
      if (at < sramStart && isKept) this.#stored[at] = value
    }
  }

  /** Everything as after switching the supply on: EPROM as kept, SRAM at its defaults, Lock 1. */
  powerUp(): void {
    this.#live.fill(0)
    this.#live.set(this.#stored)
    this.set(stsRegisters.Torque_Limit, this.get(stsRegisters.Max_Torque_Limit))
    this.set(stsRegisters.Lock, 1)
    this.set(stsRegisters.Moving_Velocity_Threshold, 10)
    this.set(stsRegisters.Maximum_Velocity_Limit, 80)
    this.set(stsRegisters.Maximum_Acceleration, 254)
  }
}
