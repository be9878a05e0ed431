/** What a servo says of itself in one 15-byte block, in ticks for position and speed and in SI for the rest. */
import { feetechUnits } from './feetech-models.ts'
import { decodeRegister, presentBlock, stsRegisters, type FeetechRegister } from './feetech-registers.ts'

export interface PresentState {
  readonly positionTicks: number
  readonly velocityTicksPerS: number
  /** −1…1 of the maximum. */
  readonly load: number
  readonly voltageV: number
  readonly temperatureC: number
  readonly currentA: number
  readonly statusBits: number
  readonly isMoving: boolean
}

/** Decodes addresses 56–70. @throws RangeError when the block is shorter than 15 bytes */
export function decodePresent(block: Uint8Array): PresentState {
  const value = (register: FeetechRegister): number => decodeRegister(register, block, presentBlock.address)
  return {
    positionTicks: value(stsRegisters.Present_Position),
    velocityTicksPerS: value(stsRegisters.Present_Velocity),
    load: value(stsRegisters.Present_Load) * feetechUnits.loadFraction,
    voltageV: value(stsRegisters.Present_Voltage) * feetechUnits.voltageV,
    temperatureC: value(stsRegisters.Present_Temperature),
    currentA: value(stsRegisters.Present_Current) * feetechUnits.currentA,
    statusBits: value(stsRegisters.Status),
    isMoving: value(stsRegisters.Moving) !== 0,
  }
}
