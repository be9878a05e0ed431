import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { widenBfloat16, widenFloat16 } from '#core/onnx/half-floats.ts'
import { halfBits, narrowBfloat16, narrowToHalf } from '#core/onnx/narrow-half.ts'

const none = () => ({ saturated: 0, flushed: 0 })

describe('weights as half floats', () => {
  it('keep every normal half as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), (bits) => {
        const exponent = (bits >> 10) & 0x1f
        fc.pre(exponent !== 0 && exponent !== 31)
        const counts = none()
        expect(halfBits(widenFloat16(Uint16Array.of(bits))[0] ?? NaN, counts)).toBe(bits)
        expect(counts).toEqual(none())
      }),
    )
  })

  it('round to the nearest, by at most half a step', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        fc.pre(Math.abs(value) >= 2 ** -14)
        const [back = NaN] = widenFloat16(narrowToHalf(Float32Array.of(value), none()))
        const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10)
        expect(Math.abs(back - value)).toBeLessThanOrEqual(step / 2)
      }),
    )
  })

  it('count what half cannot hold', () => {
    const counts = none()
    const bits = narrowToHalf(Float32Array.of(1e6, -70000, 1e-6, 0, 1), counts)
    expect([...widenFloat16(bits)]).toEqual([65504, -65504, 0, 0, 1])
    expect(counts).toEqual({ saturated: 2, flushed: 1 })
    expect(widenFloat16(narrowToHalf(Float32Array.of(NaN), none()))[0]).toBeNaN()
  })

  it('come from bfloat16 through a table as they come from float32, every one of them', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, index) => index)
    const [direct, wide] = [none(), none()]
    expect(narrowBfloat16(all, direct)).toEqual(narrowToHalf(widenBfloat16(all), wide))
    expect(direct).toEqual(wide)
  })
})
