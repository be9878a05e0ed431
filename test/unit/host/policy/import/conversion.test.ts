/** Weights that an import writes in another form, and what it does without the room for them. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { describeImported } from '#host/policy/import/describe-imported.ts'
import { importCheckpoint } from '#host/policy/import/import-checkpoint.ts'
import { canMount, SmallDisk } from '#test/fixtures/small-disk.ts'
import { copyCheckpoint, resourcesDir, type CheckpointCopy } from './checkpoint-copy.ts'

let copy: CheckpointCopy
beforeEach(async () => {
  copy = await copyCheckpoint()
})
afterEach(() => copy[Symbol.asyncDispose]())

const run = (changes: Partial<CheckpointCopy['question']> = {}) =>
  importCheckpoint({ ...copy.question, ...changes }, copy.options)
const folder = () => join(copy.options.ownDir, 'my-policy')

describe('a conversion', () => {
  it('writes the weights once and offers both forms, the converted first', async () => {
    let seconds = 0
    const nowMs = (): number => 1000 * (copy.steps.includes('write') ? 60 : seconds++)
    const question = { ...copy.question, precision: 'fp16' as const }
    const { report } = unwrap(await importCheckpoint(question, { ...copy.options, nowMs }))
    expect(report.elapsedMs).toBe(60_000)
    expect(copy.steps).toEqual(['read', 'check', 'convert', 'write', 'selfCheck'])
    expect(report.selfChecks.slice(1)).toMatchObject([
      { id: 'range', status: 'ok' },
      { id: 'spots', status: 'ok' },
    ])
    const { offers } = unwrap(await describeImported(folder(), resourcesDir))
    expect(offers.map(({ precision }) => precision)).toEqual(['fp16', 'fp32'])
    expect(existsSync(join(folder(), 'weights.fp16.bin'))).toBe(true)
  })

  it.skipIf(!canMount)(
    'is not begun where the disk has no room for it, and says how much it needs',
    async () => {
      using disk = new SmallDisk(1024)
      const refused = await importCheckpoint(
        { ...copy.question, precision: 'fp16' },
        { ...copy.options, ownDir: join(disk.folder, 'policies'), dataDir: disk.folder },
      )
      expect(refused).toMatchObject({ ok: false, error: { code: 'policy/conversion-failed' } })
      if (refused.ok) throw new Error('there was no room')
      expect(Number(refused.error.data?.['neededBytes'])).toBeGreaterThan(0)
      expect(refused.error.data?.['freeBytes']).toBe(0)
      expect(refused.error.message).toContain('MB')
    },
  )

  it.skipIf(!canMount)('of nothing still writes graphs: on a full disk nothing is left of it', async () => {
    using disk = new SmallDisk(1200)
    const ownDir = join(disk.folder, 'policies')
    const { trial: _, ...options } = copy.options
    const refused = await importCheckpoint(
      { ...copy.question, precision: 'fp32' },
      { ...options, ownDir, dataDir: disk.folder },
    )
    expect(refused).toMatchObject({ ok: false, error: { code: 'shell/io' } })
    expect(!refused.ok && refused.error.message).toMatch(/is full: make room/u)
    expect(await readdir(ownDir)).toEqual([])
  })

  it('goes on where it was interrupted', async () => {
    const cancel = new AbortController()
    let told = 0
    const interrupted = await importCheckpoint(
      { ...copy.question, precision: 'fp16' },
      {
        ...copy.options,
        signal: cancel.signal,
        onProgress: ({ step, progress }) => {
          if (step === 'convert' && progress !== null && ++told === 5) cancel.abort()
        },
      },
    )
    expect(interrupted).toMatchObject({ ok: false, error: { code: 'contract/cancelled' } })
    const progress: number[] = []
    unwrap(
      await importCheckpoint(
        { ...copy.question, precision: 'fp16' },
        { ...copy.options, onProgress: (now) => now.progress !== null && progress.push(now.progress) },
      ),
    )
    const begun = await readFile(join(folder(), 'weights.fp16.bin'))
    const fresh = unwrap(await run({ precision: 'fp16' })).policyId.slice('own/'.length)
    const whole = await readFile(join(copy.options.ownDir, fresh, 'weights.fp16.bin'))
    expect(begun.equals(whole)).toBe(true)
    expect(progress.at(-1)).toBe(1)
    expect(progress.length).toBeLessThan(copy.steps.length + 500)
  })
})
