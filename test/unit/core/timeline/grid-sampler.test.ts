import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import { GridSampler, type GridSample } from '#core/timeline/grid-sampler.ts'

function sampler(t0Us: number, fps: number) {
  const rows: GridSample<number>[] = []
  return { rows, sampler: new GridSampler<number>(new FrameGrid(t0Us, fps), (row) => rows.push(row)) }
}

describe('grid sampler', () => {
  it('gives every row the latest reading at or before its grid time, without gaps, whatever the arrival times', () => {
    const times = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 120 }), (unsorted, fps) => {
        const sorted = [...unsorted].sort((a, b) => a - b)
        const { rows, sampler: s } = sampler(1_000_000, fps)
        s.push(500_000, -1)
        sorted.forEach((t, i) => s.push(1_000_000 + t, i))
        s.advance(3_000_000)
        expect(rows.map((r) => r.frame)).toEqual(Array.from({ length: 2 * fps + 1 }, (_, k) => k))
        for (const row of rows) {
          const gridUs = s.grid.timeUs(row.frame)
          const last = sorted.findLastIndex((t) => 1_000_000 + t <= gridUs)
          expect(row.reading).toBe(last)
          expect(row.ageUs).toBe(gridUs - (last < 0 ? 500_000 : 1_000_000 + (sorted[last] ?? 0)))
        }
      }),
    )
  })

  it('uses a reading that falls exactly on a grid time for that row', () => {
    const { rows, sampler: s } = sampler(0, 10)
    s.push(0, 7)
    s.push(100_000, 8)
    s.push(200_000, 9)
    expect(rows.map((r) => [r.reading, r.ageUs])).toEqual([
      [7, 0],
      [8, 0],
    ])
  })

  it('repeats the last reading over a stall and says so', () => {
    const { rows, sampler: s } = sampler(0, 10)
    s.push(-1000, 1)
    s.push(350_000, 2)
    expect(rows.map((r) => r.reading)).toEqual([1, 1, 1, 1])
    expect(rows.map((r) => r.isRepeat)).toEqual([false, true, true, true])
  })

  it('ignores a reading older than one it already has', () => {
    const { rows, sampler: s } = sampler(0, 10)
    s.push(0, 1)
    s.push(-5, 2)
    s.advance(0)
    expect(rows.map((r) => r.reading)).toEqual([1])
  })

  it('has no rows before its first reading', () => {
    const { rows, sampler: s } = sampler(0, 10)
    s.advance(1_000_000)
    expect(rows).toEqual([])
    expect(s.nextFrame).toBe(0)
  })
})
