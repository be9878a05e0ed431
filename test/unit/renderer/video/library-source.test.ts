import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutRange } from '#renderer/video/library-source.ts'

describe('cutRange', () => {
  it('covers the range without gap or overlap, in pieces the library gives', () => {
    const numbers = fc.integer({ min: 0, max: 5000 })
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 1, max: 700 }), (start, length, longest) => {
        const cuts = cutRange(start, start + length, longest)
        let at = start
        for (const [offset, size] of cuts) {
          expect(offset).toBe(at)
          expect(size).toBeGreaterThan(0)
          expect(size).toBeLessThanOrEqual(longest)
          at += size
        }
        expect(at).toBe(start + length)
      }),
    )
  })
})
