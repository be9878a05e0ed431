import { describe, expect, it } from 'vitest'
import { RunPatience } from '#host/policy/runner/run-patience.ts'

describe('how long a runner may be silent', () => {
  it('is a quarter of an hour while nothing was measured: a GPU compiles, a disk may be far away', () => {
    const patience = new RunPatience()
    expect(patience.limitMs('open')).toBe(900_000)
    expect(patience.limitMs('run')).toBe(900_000)
  })

  it('is half a minute for a quick model, and twenty times the longest run for a slow one', () => {
    const patience = new RunPatience()
    patience.note(80)
    expect(patience.limitMs('run')).toBe(30_000)
    patience.note(4000)
    patience.note(100)
    expect(patience.limitMs('run')).toBe(80_000)
    expect(patience.limitMs('close')).toBe(80_000)
    expect(patience.limitMs('open')).toBe(900_000)
  })
})
