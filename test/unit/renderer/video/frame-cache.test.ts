import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameCache } from '#renderer/video/frame-cache.ts'

describe('FrameCache', () => {
  it('closes every picture exactly once and never holds more than its limit', () => {
    const steps = fc.array(fc.record({ frame: fc.integer({ min: 0, max: 12 }), isSet: fc.boolean() }))
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (sequence, limit) => {
        const closed: number[] = []
        const cache = new FrameCache<number>(limit, (picture) => closed.push(picture))
        let made = 0
        for (const { frame, isSet } of sequence) {
          if (isSet) cache.set(frame, made++)
          else cache.get(frame)
          expect(cache.size).toBeLessThanOrEqual(limit)
        }
        cache[Symbol.dispose]()
        expect(closed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: made }, (_, i) => i))
      }),
    )
  })

  it('gives up the picture that was used longest ago', () => {
    const cache = new FrameCache<string>(2, () => undefined)
    cache.set(1, 'a')
    cache.set(2, 'b')
    expect(cache.get(1)).toBe('a')
    cache.set(3, 'c')
    expect([cache.has(1), cache.has(2), cache.has(3)]).toEqual([true, false, true])
  })
})
