/**
 * Whether a powered servo lost its supply for a moment: it answers again with torque off, or, when a goal reached it before
 * it was asked (a goal write can itself switch torque on), with RAM settings that are not those it was powered with.
 */
import { decodeRegister, poweredBlock, stsRegisters } from './feetech-registers.ts'

/** Overload, current and temperature protection switch the output off too, and have reactions of their own. */
const protectionBits = 0x2c

/** RAM settings that come back from a reset at their defaults. */
export interface PoweredSettings {
  readonly acceleration: number
  readonly torqueLimit: number
}

/** @param block addresses 40–70 @throws RangeError when it is shorter than 31 bytes */
export function poweredSettings(block: Uint8Array): PoweredSettings {
  const value = (name: 'Acceleration' | 'Torque_Limit'): number =>
    decodeRegister(stsRegisters[name], block, poweredBlock.address)
  return { acceleration: value('Acceleration'), torqueLimit: value('Torque_Limit') }
}

/**
 * @param block addresses 40–70
 * @param statusBits of the same answer
 * @param before the settings as first read after torque came on; null when this is that read
 */
export function hasReset(block: Uint8Array, statusBits: number, before: PoweredSettings | null): boolean {
  const torque = decodeRegister(stsRegisters.Torque_Enable, block, poweredBlock.address)
  if (torque === 0 && (statusBits & protectionBits) === 0) return true
  const now = poweredSettings(block)
  return (
    before !== null && (now.acceleration !== before.acceleration || now.torqueLimit !== before.torqueLimit)
  )
}
