import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSignMagnitude, encodeSignMagnitude } from '#core/bus/sign-magnitude.ts'

describe('sign-magnitude numbers', () => {
  it.each([
    [-1, 15, 0x8001],
    [-123, 11, 0x087b],
    [2047, 11, 0x07ff],
    [-1000, 10, 0x07e8],
  ])('stores %i with sign bit %i as 0x%x', (value, signBit, pattern) => {
    expect(encodeSignMagnitude(value, signBit)).toBe(pattern)
    expect(decodeSignMagnitude(pattern, signBit)).toBe(value)
  })

  it('reads back every value that fits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(10, 11, 15),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (signBit, unit) => {
          const value = Math.round(unit * (2 ** signBit - 1)) + 0
          expect(decodeSignMagnitude(encodeSignMagnitude(value, signBit), signBit)).toBe(value)
        },
      ),
    )
  })

  it('reads minus zero as zero', () => {
    expect(Object.is(decodeSignMagnitude(0x800, 11), 0)).toBe(true)
  })

  it('refuses what does not fit, since a homing offset of 2048 would come back as minus zero', () => {
    expect(() => encodeSignMagnitude(2048, 11)).toThrow(RangeError)
    expect(() => encodeSignMagnitude(-2048, 11)).toThrow(RangeError)
    expect(() => encodeSignMagnitude(0.5, 11)).toThrow(RangeError)
    expect(() => encodeSignMagnitude(NaN, 11)).toThrow(RangeError)
  })
})
