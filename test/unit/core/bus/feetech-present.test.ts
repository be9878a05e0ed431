import { describe, expect, it } from 'vitest'
import { decodePresent } from '#core/bus/feetech-present.ts'

describe('what a servo says of itself', () => {
  it('is decoded from one block into ticks and SI', () => {
    const block = Uint8Array.of(0x18, 0x05, 0x0a, 0x80, 0xf4, 0x05, 74, 31, 0, 0x20, 1, 0, 0, 0x64, 0x80)
    const state = decodePresent(block)
    expect(state).toMatchObject({
      positionTicks: 1304,
      velocityTicksPerS: -10,
      load: -0.5,
      temperatureC: 31,
      statusBits: 0x20,
      isMoving: true,
    })
    expect(state.voltageV).toBeCloseTo(7.4, 12)
    expect(state.currentA).toBeCloseTo(-0.65, 12)
  })

  it('is refused when a byte is missing', () => {
    expect(() => decodePresent(new Uint8Array(14))).toThrow(RangeError)
  })
})
