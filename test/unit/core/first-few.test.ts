import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstFew } from '#core/first-few.ts'

describe('problems in one message', () => {
  it('are all there while they are few', () => {
    expect(firstFew([])).toBe('')
    expect(firstFew(['a', 'b', 'c'])).toBe('a; b; c')
  })

  it('are counted beyond that', () => {
    expect(firstFew(['a', 'b', 'c', 'd', 'e'])).toBe('a; b; c; and 2 more')
    fc.assert(
      fc.property(fc.array(fc.constantFrom('x', 'y'), { minLength: 4 }), (problems) => {
        expect(firstFew(problems)).toMatch(new RegExp(`; and ${problems.length - 3} more$`, 'u'))
      }),
    )
  })
})
