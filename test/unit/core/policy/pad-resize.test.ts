import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits, padResize, padResize16, planes16 } from '#core/policy/pad-resize.ts'

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2, max: 16 }))
  .chain(([width, height, side]) =>
    fc.record({
      side: fc.constant(side),
      picture: fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        data: fc.uint8Array({ minLength: 3 * width * height, maxLength: 3 * width * height }),
      }),
    }),
  )

describe('pictures on their way between processes', () => {
  it('lose at most half a 65535th, whatever they show', () => {
    fc.assert(
      fc.property(pictures, ({ picture, side }) => {
        const exact = padResize(picture, side)
        const sent = padResize16(picture, side)
        return exact.every((value, i) => Math.abs((sent[i] ?? 0) / 65535 - value) <= 1 / 131070 + 1e-7)
      }),
    )
  })

  it('keep every byte of a picture that keeps its size', () => {
    fc.assert(
      fc.property(pictures, ({ picture }) => {
        const { width, height, data } = picture
        const planes = planes16(picture)
        return data.every((byte, at) => {
          const pixel = Math.floor(at / 3)
          return planes[(at % 3) * width * height + pixel] === 257 * byte
        })
      }),
    )
  })

  it('are padded with black around what fits', () => {
    const white = { width: 4, height: 2, data: new Uint8Array(24).fill(255) }
    const planes = padResize16(white, 4)
    expect([...planes.subarray(0, 16)]).toEqual([
      0,
      0,
      0,
      0,
      ...Array.from({ length: 8 }, () => 65535),
      0,
      0,
      0,
      0,
    ])
  })
})

describe('a picture and its square', () => {
  it('fit unless the picture is empty, or so thin that not one row of it is left', () => {
    expect(fits(224, 640, 480)).toBe(true)
    expect(fits(224, 447, 1)).toBe(true)
    expect(fits(224, 449, 1)).toBe(false)
    expect(fits(224, 1, 449)).toBe(false)
    expect(fits(224, 0, 480)).toBe(false)
    expect(fits(224, 640, 0)).toBe(false)
  })

  it('fit exactly when the resized picture would have a pixel of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 700 }), (width, height) => {
        const white = { width, height, data: new Uint8Array(3 * width * height).fill(255) }
        expect(padResize(white, 16).some((value) => value > 0)).toBe(fits(16, width, height))
      }),
    )
  })
})
