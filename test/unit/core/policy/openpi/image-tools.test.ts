import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resizeWithPad } from '#core/policy/openpi/image-tools.ts'
import { golden } from './golden.ts'

describe('pictures for openpi', () => {
  it.each(golden.pictures)(
    '$width × $height fits a square of $side byte for byte as openpi_client does',
    ({ width, height, side, rgb, padded }) => {
      expect(resizeWithPad({ width, height, data: rgb }, side)).toEqual(padded)
    },
  )

  it('keeps the colour of a picture of one colour, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat({ max: 255 }),
        (width, side, colour) => {
          const data = new Uint8Array(3 * width * width).fill(colour)
          const padded = resizeWithPad({ width, height: width, data }, side)
          const middle = 3 * (Math.floor(side / 2) * side + Math.floor(side / 2))
          expect(padded[middle]).toBe(colour)
          // Like Python, the reference may lose a row to rounding: it is black.
          expect(padded.every((value) => value === colour || value === 0)).toBe(true)
        },
      ),
    )
  })
})
