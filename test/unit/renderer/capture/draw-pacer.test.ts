import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import { DrawPacer, maxLateFrames } from '#renderer/capture/draw-pacer.ts'

const t0Us = 5_000_000
const grid = new FrameGrid(t0Us, 30)

describe('DrawPacer', () => {
  it('wants nothing while idle', () => {
    expect(new DrawPacer(30).next(0)).toBeNull()
  })

  it('draws each frame of a take once and in order, and none that is older than can be used', () => {
    const costs = fc.array(fc.integer({ min: 1000, max: 90_000 }), { minLength: 20, maxLength: 80 })
    fc.assert(
      fc.property(costs, (sequence) => {
        const pacer = new DrawPacer(30)
        pacer.pace = { kind: 'take', grid }
        let nowUs = t0Us - 40_000
        let before = -Infinity
        for (const costUs of sequence) {
          const next = pacer.next(nowUs)
          if (next === null) throw new Error('a take always wants pictures')
          nowUs += next.waitUs
          expect(next.gridUs).toBeGreaterThan(before)
          expect(next.gridUs).toBeLessThan(nowUs)
          expect(nowUs - next.gridUs).toBeLessThan(((maxLateFrames + 1) * 1_000_000) / 30)
          before = next.gridUs
          nowUs += costUs
          pacer.drawn(costUs)
        }
      }),
    )
  })

  it('misses no frame of a take when it is fast enough on average, whatever a single draw costs', () => {
    const pacer = new DrawPacer(30)
    pacer.pace = { kind: 'take', grid }
    let nowUs = t0Us
    const drawn: number[] = []
    for (let i = 0; i < 60; i += 1) {
      const next = pacer.next(nowUs)
      if (next === null) throw new Error('a take always wants pictures')
      nowUs += next.waitUs
      drawn.push(grid.frameAt(next.gridUs))
      const costUs = i % 6 === 0 ? 110_000 : 10_000
      nowUs += costUs
      pacer.drawn(costUs)
    }
    expect(drawn).toEqual(drawn.map((_, index) => (drawn[0] ?? 0) + index))
  })

  it('draws previews at the wanted rate, but at no more than the machine may, and never too slowly to steer by', () => {
    const rate = (pacer: DrawPacer): number => {
      let nowUs = 1_000_000
      let draws = 0
      while (nowUs < 3_000_000) {
        const next = pacer.next(nowUs)
        if (next === null) throw new Error('a preview wants pictures')
        nowUs += next.waitUs + 1
        draws += 1
      }
      return draws / 2
    }
    const fast = new DrawPacer(Infinity)
    fast.pace = { kind: 'preview', fps: 30 }
    expect(Math.round(rate(fast) / 2)).toBe(15)
    const capped = new DrawPacer(15)
    capped.pace = { kind: 'preview', fps: 30 }
    expect(Math.floor(rate(capped))).toBe(15)
    const slow = new DrawPacer(Infinity)
    slow.pace = { kind: 'preview', fps: 30 }
    for (let i = 0; i < 100; i += 1) slow.drawn(300_000)
    expect(Math.floor(rate(slow))).toBe(8)
  })

  it('begins a new take at the present, not where the last one stood', () => {
    const pacer = new DrawPacer(30)
    pacer.pace = { kind: 'take', grid }
    pacer.next(t0Us)
    pacer.drawn(0)
    const later = new FrameGrid(t0Us + 60_000_000, 30)
    pacer.pace = { kind: 'take', grid: later }
    expect(pacer.next(t0Us + 60_000_000 - 90_000)?.gridUs).toBeGreaterThanOrEqual(t0Us + 60_000_000 - 134_000)
  })
})
