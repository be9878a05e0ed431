import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countPixels, thinningStep } from '#renderer/capture/histogram.ts'

describe('thinning', () => {
  it('is LeRobot’s: none below 300 pixels, every fourth at 640×480', () => {
    expect(thinningStep(160, 120)).toBe(1)
    expect(thinningStep(299, 200)).toBe(1)
    expect(thinningStep(320, 240)).toBe(2)
    expect(thinningStep(640, 480)).toBe(4)
    expect(thinningStep(480, 640)).toBe(4)
    expect(thinningStep(1920, 1080)).toBe(12)
  })
})

describe('countPixels', () => {
  it('counts each channel of each kept pixel once', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 330 }),
      height: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 255 }), ({ width, height }, seed) => {
        const pixels = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i * 31 + seed) % 256)
        const counts = countPixels(pixels, width, height)
        const step = thinningStep(width, height)
        const kept = Math.ceil(width / step) * Math.ceil(height / step)
        for (const channel of [0, 1, 2]) {
          const sum = counts.subarray(256 * channel, 256 * (channel + 1)).reduce((a, b) => a + b, 0)
          expect(sum).toBe(kept)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('keeps red, green and blue apart and ignores the fourth byte', () => {
    const counts = countPixels(Uint8Array.of(10, 20, 30, 99, 10, 21, 30, 98), 2, 1)
    expect([counts[10], counts[256 + 20], counts[256 + 21], counts[512 + 30]]).toEqual([2, 1, 1, 2])
    expect(counts.reduce((a, b) => a + b, 0)).toBe(6)
  })
})
