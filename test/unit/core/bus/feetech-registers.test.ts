import { describe, expect, it } from 'vitest'
import {
  decodeRegister,
  encodeRegister,
  presentBlock,
  sramStart,
  stsRegisters,
} from '#core/bus/feetech-registers.ts'

describe('the STS control table', () => {
  it('has no two registers on one address', () => {
    const used = Object.values(stsRegisters).flatMap(({ address, size }) =>
      size === 1 ? [address] : [address, address + 1],
    )
    expect(new Set(used).size).toBe(used.length)
  })

  it('keeps torque and goals in SRAM and calibration in EPROM', () => {
    expect(stsRegisters.Torque_Enable.address).toBe(sramStart)
    expect(stsRegisters.Homing_Offset.address).toBeLessThan(sramStart)
  })

  it('writes words low byte first and signed ones with their own sign bit', () => {
    expect([...encodeRegister(stsRegisters.Goal_Position, 2748)]).toEqual([0xbc, 0x0a])
    expect([...encodeRegister(stsRegisters.Goal_Position, -1)]).toEqual([0x01, 0x80])
    expect([...encodeRegister(stsRegisters.Homing_Offset, -5)]).toEqual([0x05, 0x08])
    expect([...encodeRegister(stsRegisters.Torque_Enable, 1)]).toEqual([1])
  })

  it('reads every register of the present block from one 15-byte answer', () => {
    const block = Uint8Array.of(0x00, 0x08, 0x0a, 0x80, 0x64, 0x04, 74, 31, 0, 0x20, 1, 0, 0, 0x0c, 0x00)
    expect(block).toHaveLength(presentBlock.length)
    const read = (name: keyof typeof stsRegisters): number =>
      decodeRegister(stsRegisters[name], block, presentBlock.address)
    expect(read('Present_Position')).toBe(2048)
    expect(read('Present_Velocity')).toBe(-10)
    expect(read('Present_Load')).toBe(-100)
    expect(read('Present_Voltage')).toBe(74)
    expect(read('Present_Temperature')).toBe(31)
    expect(read('Status')).toBe(0x20)
    expect(read('Moving')).toBe(1)
    expect(read('Present_Current')).toBe(12)
  })

  it('refuses values and blocks that do not fit', () => {
    expect(() => encodeRegister(stsRegisters.Torque_Enable, 256)).toThrow(RangeError)
    expect(() => encodeRegister(stsRegisters.Goal_Time, -1)).toThrow(RangeError)
    expect(() => encodeRegister(stsRegisters.Goal_Time, 1.5)).toThrow(RangeError)
    expect(() => decodeRegister(stsRegisters.Goal_Position, new Uint8Array(15), 56)).toThrow(RangeError)
  })
})
