import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestSeed, samplingNoise } from '#core/policy/sampling-noise.ts'

const seed = fc.integer({ min: 0, max: largestSeed })

describe('the noise of a chunk', () => {
  it('is the same for the same seed, however much of it is asked for', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 50 }), (value, count) => {
        expect(samplingNoise(value, 2 * count)).toEqual(samplingNoise(value, 200).subarray(0, 2 * count))
      }),
    )
  })

  it('is finite for every seed', () => {
    fc.assert(fc.property(seed, (value) => samplingNoise(value, 1600).every(Number.isFinite)))
  })

  it('differs where only the high half of the seed does', () => {
    expect(samplingNoise(7, 8)).not.toEqual(samplingNoise(7 + 2 ** 32, 8))
  })

  it('has the mean, spread and tails of a normal distribution', () => {
    const numbers = Array.from({ length: 50 }, (_, index) => [...samplingNoise(index, 4000)]).flat()
    const moment = (power: number) => numbers.reduce((sum, value) => sum + value ** power, 0) / numbers.length
    expect(moment(1)).toBeCloseTo(0, 2)
    expect(moment(2)).toBeCloseTo(1, 1)
    expect(moment(4)).toBeCloseTo(3, 0)
    expect(numbers.filter((value) => Math.abs(value) > 1.959964).length / numbers.length).toBeCloseTo(0.05, 2)
  })

  it('stays what it was: chunks recorded today can be computed again with later versions', () => {
    expect([...samplingNoise(1, 4)]).toMatchInlineSnapshot(`
      [
        -0.12606222927570343,
        0.9349541068077087,
        -1.0071196556091309,
        0.11251250654459,
      ]
    `)
  })
})
