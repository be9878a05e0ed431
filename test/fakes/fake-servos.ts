/**
 * Servos as far as the bus owner's tests need them: a register memory each, no physics. Like an STS3215, they switch torque
 * on when a goal is written, and forget nothing they are told. The simulator has the real ones.
 */
import { FeetechDecoder } from '#core/bus/feetech-decoder.ts'
import { parseInstruction } from '#core/bus/feetech-instruction.ts'
import { broadcastId, encodeStatus } from '#core/bus/feetech-packet.ts'
import {
  decodeRegister,
  encodeRegister,
  sramStart,
  stsRegisters,
  type StsRegisterName,
} from '#core/bus/feetech-registers.ts'

export interface RegisterWrite {
  readonly id: number
  readonly address: number
  readonly data: Uint8Array
}

export class FakeServos {
  readonly #memory = new Map<number, Uint8Array>()
  readonly #decoder = new FeetechDecoder()
  /** Every register write that reached a servo, sync writes one entry per servo. */
  readonly writes: RegisterWrite[] = []
  /** Servos that hear nothing. */
  readonly silent = new Set<number>()
  /** Error bits in every status of a servo. */
  readonly errorBits = new Map<number, number>()
  /** Registers that keep their value whatever is written, as `id.Name`. */
  readonly stuck = new Set<string>()
  /** Writes to EPROM that were made while Lock was 1: lost at the next power-off. */
  lockedEpromWrites = 0

  constructor(ids: readonly number[]) {
    for (const id of ids) {
      this.#memory.set(id, new Uint8Array(256))
      const factory: Partial<Record<StsRegisterName, number>> = {
        Firmware_Major_Version: 3,
        Firmware_Minor_Version: 10,
        Model_Number: 777,
        ID: id,
        Response_Status_Level: 1,
        Max_Position_Limit: 4095,
        Max_Torque_Limit: 1000,
        Phase: 12,
        P_Coefficient: 32,
        D_Coefficient: 32,
        Protection_Current: 500,
        Overload_Torque: 80,
        Torque_Limit: 1000,
        Lock: 1,
        Present_Position: 2048,
        Goal_Position: 1000,
        Present_Voltage: 74,
        Present_Temperature: 30,
      }
      for (const [name, value] of Object.entries(factory)) this.set(id, name as StsRegisterName, value)
    }
  }

  get(id: number, name: StsRegisterName): number {
    return decodeRegister(stsRegisters[name], this.#of(id), 0)
  }

  set(id: number, name: StsRegisterName, value: number): void {
    this.#of(id).set(encodeRegister(stsRegisters[name], value), stsRegisters[name].address)
  }

  /** Names of the registers written to one servo, in order. */
  writtenNames(id: number): readonly string[] {
    return this.writes
      .filter((write) => write.id === id)
      .map(
        ({ address }) =>
          Object.entries(stsRegisters).find(([, register]) => register.address === address)?.[0] ?? '',
      )
  }

  /** The statuses that bytes from the host bring forth. */
  readonly respond = (bytes: Uint8Array): readonly Uint8Array[] =>
    this.#decoder.push(bytes).flatMap((packet): Uint8Array[] => {
      const instruction = parseInstruction(packet)
      switch (instruction?.kind) {
        case 'ping':
          return this.#addressed(instruction.id).map((id) => this.#status(id))
        case 'read':
          return this.#addressed(instruction.id).map((id) =>
            this.#status(id, this.#slice(id, instruction.address, instruction.length)),
          )
        case 'write':
          return this.#addressed(instruction.id).flatMap((id) => {
            this.#write(id, instruction.address, instruction.data)
            return this.get(id, 'Response_Status_Level') === 0 ? [] : [this.#status(id)]
          })
        case 'syncRead':
          return instruction.ids
            .flatMap((id) => this.#addressed(id))
            .map((id) => this.#status(id, this.#slice(id, instruction.address, instruction.length)))
        case 'syncWrite':
          for (const { id, data } of instruction.entries)
            if (this.#addressed(id).length > 0) this.#write(id, instruction.address, data)
          return []
        default:
          return []
      }
    })

  #addressed(id: number): readonly number[] {
    const ids = id === broadcastId ? [...this.#memory.keys()] : [id]
    return ids.filter((each) => this.#memory.has(each) && !this.silent.has(each))
  }

  #status(id: number, params: ArrayLike<number> = []): Uint8Array {
    return encodeStatus(id, this.errorBits.get(id) ?? 0, params)
  }

  #slice(id: number, address: number, length: number): Uint8Array {
    return this.#of(id).slice(address, address + length)
  }

  #write(id: number, address: number, data: Uint8Array): void {
    this.writes.push({ id, address, data: data.slice() })
    if (address < sramStart && this.get(id, 'Lock') === 1) this.lockedEpromWrites += 1
    const name = Object.entries(stsRegisters).find(([, register]) => register.address === address)?.[0]
    if (this.stuck.has(`${id}.${name ?? ''}`)) return
    this.#of(id).set(data, address)
    if (address === stsRegisters.Goal_Position.address) this.set(id, 'Torque_Enable', 1)
  }

  #of(id: number): Uint8Array {
    const memory = this.#memory.get(id)
    if (memory === undefined) throw new Error(`no servo ${id}`)
    return memory
  }
}
