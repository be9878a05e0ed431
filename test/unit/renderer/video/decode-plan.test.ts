import { describe, expect, it } from 'vitest'
import { planDecode } from '#renderer/video/decode-plan.ts'

describe('planDecode', () => {
  it('restarts at the key picture when nothing was decoded yet', () => {
    expect(planDecode({ next: null, key: 0, wanted: 3 })).toBe('restart')
  })

  it('goes on within a group, and into the next one when it stands at its key picture', () => {
    expect(planDecode({ next: 5, key: 0, wanted: 9 })).toBe('continue')
    expect(planDecode({ next: 10, key: 10, wanted: 11 })).toBe('continue')
  })

  it('restarts to go back, and to jump over a group', () => {
    expect(planDecode({ next: 9, key: 0, wanted: 4 })).toBe('restart')
    expect(planDecode({ next: 4, key: 10, wanted: 11 })).toBe('restart')
  })
})
