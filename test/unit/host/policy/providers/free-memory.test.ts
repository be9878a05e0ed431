import { describe, expect, it } from 'vitest'
import { availableBytes, checkMemory } from '#host/policy/providers/free-memory.ts'

describe('whether a policy fits', () => {
  it('is refused with both numbers when it does not', async () => {
    const refused = await checkMemory('cpu', 1e15)
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'policy/no-memory', data: { neededBytes: 1e15 } },
    })
    expect(refused.ok || refused.error.message).toMatch(/^1000000\.0 GB needed, [\d.]+ GB of memory free$/u)
  })

  it('is not refused when it does', async () => {
    expect(await checkMemory('cpu', 1)).toMatchObject({ ok: true })
    expect(await availableBytes()).toBeGreaterThan(1e6)
  })
})
