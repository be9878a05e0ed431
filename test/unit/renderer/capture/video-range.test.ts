import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { i420Size, rgbxToI420, squeezeRange } from '#renderer/capture/video-range.ts'

/** ITU-R BT.601 in floating point, R, G, B in 0…255. */
const reference = (r: number, g: number, b: number): readonly [number, number, number] => [
  16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255,
  128 + (-37.797 * r - 74.203 * g + 112 * b) / 255,
  128 + (112 * r - 93.786 * g - 18.214 * b) / 255,
]

const byte = fc.integer({ min: 0, max: 255 })

describe('rgbxToI420', () => {
  it('agrees with BT.601 within rounding for flat pictures of any colour', () => {
    fc.assert(
      fc.property(byte, byte, byte, (r, g, b) => {
        const pixels = Uint8Array.from({ length: 4 * 16 }, (_, i) => [r, g, b, 0][i % 4] ?? 0)
        const out = new Uint8Array(i420Size(4, 4))
        rgbxToI420(pixels, { width: 4, height: 4 }, 'top-down', out)
        const [y, u, v] = reference(r, g, b)
        for (const luma of out.subarray(0, 16)) expect(Math.abs(luma - y)).toBeLessThan(0.6)
        for (const chroma of out.subarray(16, 20)) expect(Math.abs(chroma - u)).toBeLessThan(0.6)
        for (const chroma of out.subarray(20, 24)) expect(Math.abs(chroma - v)).toBeLessThan(0.6)
      }),
    )
  })

  it('turns rows over when they come from the bottom up', () => {
    const [width, height] = [4, 6]
    const rows = Array.from({ length: height }, (_, row) => Array.from({ length: 4 * width }, () => row * 40))
    const down = new Uint8Array(i420Size(width, height))
    const up = new Uint8Array(i420Size(width, height))
    rgbxToI420(Uint8Array.from(rows.flat()), { width, height }, 'top-down', down)
    rgbxToI420(Uint8Array.from(rows.toReversed().flat()), { width, height }, 'bottom-up', up)
    expect(up).toEqual(down)
  })

  it('keeps white at 235 and black at 16', () => {
    const out = new Uint8Array(i420Size(2, 2))
    rgbxToI420(new Uint8Array(16).fill(255), { width: 2, height: 2 }, 'top-down', out)
    expect([...out]).toEqual([235, 235, 235, 235, 128, 128])
    rgbxToI420(new Uint8Array(16), { width: 2, height: 2 }, 'top-down', out)
    expect([...out]).toEqual([16, 16, 16, 16, 128, 128])
  })
})

describe('squeezeRange', () => {
  it('maps full range onto limited range, luma and chroma each their own way', () => {
    const planes = Uint8Array.of(0, 255, 128, 128, 0, 255)
    squeezeRange(planes, 3)
    expect([...planes]).toEqual([16, 235, 126, 128, 16, 240])
  })
})
