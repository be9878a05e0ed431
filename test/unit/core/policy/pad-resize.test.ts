import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { padResize, padResize16, planes16 } from '#core/policy/pad-resize.ts'

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
