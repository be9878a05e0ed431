/**
 * The STS/SMS control table as data (spec/lerobot.md §2.1), under LeRobot's register names. Addresses below 40 are
 * EPROM, the rest SRAM; words are little-endian; signed registers are sign-magnitude.
 */
import { decodeSignMagnitude, encodeSignMagnitude } from './sign-magnitude.ts'

export interface FeetechRegister {
  readonly address: number
  readonly size: 1 | 2
  /** Index of the sign bit of a signed register. */
  readonly signBit?: number
}

const byte = (address: number): FeetechRegister => ({ address, size: 1 })
const word = (address: number, signBit?: number): FeetechRegister =>
  signBit === undefined ? { address, size: 2 } : { address, size: 2, signBit }

export const stsRegisters = {
  Firmware_Major_Version: byte(0),
  Firmware_Minor_Version: byte(1),
  Model_Number: word(3),
  ID: byte(5),
  Baud_Rate: byte(6),
  Return_Delay_Time: byte(7),
  Response_Status_Level: byte(8),
  Min_Position_Limit: word(9),
  Max_Position_Limit: word(11),
  Max_Temperature_Limit: byte(13),
  Max_Voltage_Limit: byte(14),
  Min_Voltage_Limit: byte(15),
  Max_Torque_Limit: word(16),
  Phase: byte(18),
  Unloading_Condition: byte(19),
  LED_Alarm_Condition: byte(20),
  P_Coefficient: byte(21),
  D_Coefficient: byte(22),
  I_Coefficient: byte(23),
  Minimum_Startup_Force: word(24),
  CW_Dead_Zone: byte(26),
  CCW_Dead_Zone: byte(27),
  Protection_Current: word(28),
  Homing_Offset: word(31, 11),
  Operating_Mode: byte(33),
  Protective_Torque: byte(34),
  Protection_Time: byte(35),
  Overload_Torque: byte(36),
  Over_Current_Protection_Time: byte(38),
  Torque_Enable: byte(40),
  Acceleration: byte(41),
  Goal_Position: word(42, 15),
  Goal_Time: word(44),
  Goal_Velocity: word(46, 15),
  Torque_Limit: word(48),
  Lock: byte(55),
  Present_Position: word(56, 15),
  Present_Velocity: word(58, 15),
  Present_Load: word(60, 10),
  Present_Voltage: byte(62),
  Present_Temperature: byte(63),
  Status: byte(65),
  Moving: byte(66),
  Present_Current: word(69, 15),
  Moving_Velocity_Threshold: byte(80),
  Maximum_Velocity_Limit: byte(84),
  Maximum_Acceleration: byte(85),
} as const satisfies Record<string, FeetechRegister>

export type StsRegisterName = keyof typeof stsRegisters

/** First SRAM address. */
export const sramStart = 40

/** The contiguous block that holds everything a tick wants to know: position … current, addresses 56–70. */
export const presentBlock = { address: 56, length: 15 } as const

/** The present block and the RAM settings before it, addresses 40–70: what a servo that lost power shows at once. */
export const poweredBlock = { address: 40, length: 31 } as const

/** The register's bytes. @throws RangeError when the value is no integer or does not fit */
export function encodeRegister(register: FeetechRegister, value: number): Uint8Array {
  const pattern = register.signBit === undefined ? value : encodeSignMagnitude(value, register.signBit)
  if (!Number.isInteger(pattern) || pattern < 0 || pattern >= 256 ** register.size)
    throw new RangeError(`${value} does not fit register ${register.address}`)
  return register.size === 1 ? Uint8Array.of(pattern) : Uint8Array.of(pattern & 0xff, pattern >> 8)
}

/**
 * The register's value in `bytes`, whose first byte is address `base` of the control table.
 * @throws RangeError when the register is not inside
 */
export function decodeRegister(register: FeetechRegister, bytes: Uint8Array, base: number): number {
  const low = bytes[register.address - base]
  const high = register.size === 1 ? 0 : bytes[register.address - base + 1]
  if (low === undefined || high === undefined)
    throw new RangeError(`register ${register.address} not in block`)
  const pattern = low + high * 256
  return register.signBit === undefined ? pattern : decodeSignMagnitude(pattern, register.signBit)
}
