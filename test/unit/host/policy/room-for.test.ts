import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ok, unwrap } from '#core/result.ts'
import { CheckpointSource, type ModelSource } from '#host/policy/internvla/model-source.ts'
import { roomFor } from '#host/policy/internvla/room-for.ts'

const sourceOf = (bytes: number): ModelSource =>
  ({ expectedBytes: () => Promise.resolve(ok(bytes)) }) as unknown as ModelSource

describe('room for a model', () => {
  it('is reckoned for a checkpoint that was never imported, before anything is loaded', async () => {
    const tiny = fileURLToPath(new URL('../../../fixtures/internvla-a1/tiny-3b', import.meta.url))
    await using source = unwrap(await CheckpointSource.open(tiny))
    const bytes = unwrap(await source.expectedBytes())
    expect(bytes).toBeGreaterThan(1e6)
    expect(bytes).toBeLessThan(1e8)
    expect(unwrap(await roomFor(source, 'cpu', null))).toEqual({ forPrepacking: true })
  })

  it('is refused with numbers', async () => {
    expect(await roomFor(sourceOf(1e15), 'cpu', null)).toMatchObject({
      ok: false,
      error: { code: 'policy/no-memory', data: { neededBytes: 1e15 } },
    })
  })

  it('is what an import noted, where it did', async () => {
    expect((await roomFor(sourceOf(1e15), 'cpu', 1000)).ok).toBe(true)
    expect((await roomFor(sourceOf(1000), 'cpu', 1e15)).ok).toBe(false)
  })
})
