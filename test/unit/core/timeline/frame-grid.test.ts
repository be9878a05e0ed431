import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameGrid } from '#core/timeline/frame-grid.ts'

const grids = fc.record({ t0Us: fc.integer({ min: 0, max: 2 ** 50 }), fps: fc.integer({ min: 1, max: 240 }) })

describe('frame grid', () => {
  it('puts frame k at t0 + k / fps in exact integer arithmetic', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 0, max: 10_000_000 }), ({ t0Us, fps }, k) => {
        const exact = BigInt(t0Us) + (BigInt(k) * 1_000_000n) / BigInt(fps)
        expect(new FrameGrid(t0Us, fps).timeUs(k)).toBe(Number(exact))
      }),
    )
  })

  it('finds for every time the last frame at or before it', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: -10_000_000, max: 2 ** 42 }), ({ t0Us, fps }, deltaUs) => {
        const grid = new FrameGrid(t0Us, fps)
        const k = grid.frameAt(t0Us + deltaUs)
        expect(grid.timeUs(k)).toBeLessThanOrEqual(t0Us + deltaUs)
        expect(grid.timeUs(k + 1)).toBeGreaterThan(t0Us + deltaUs)
      }),
    )
  })

  it('maps the time of a frame back to that frame', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 0, max: 10_000_000 }), ({ t0Us, fps }, k) => {
        const grid = new FrameGrid(t0Us, fps)
        expect(grid.frameAt(grid.timeUs(k))).toBe(k)
      }),
    )
  })

  it.each([0, -1, 29.97, Number.NaN, 1001])('refuses %s frames per second', (fps) => {
    expect(() => new FrameGrid(0, fps)).toThrow(RangeError)
  })

  it('refuses an origin between two microseconds', () => {
    expect(() => new FrameGrid(0.5, 30)).toThrow(RangeError)
  })
})
