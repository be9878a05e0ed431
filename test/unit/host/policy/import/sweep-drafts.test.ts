import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sweepDrafts } from '#host/policy/import/sweep-drafts.ts'

const day = 24 * 3600

it('unfinished imports that nobody touched for a week go, and nothing else', async () => {
  const ownDir = await mkdtemp(join(tmpdir(), 'foresight-drafts-'))
  try {
    const now = 2_000_000_000
    for (const [name, ageDays] of [
      ['.old.import', 8],
      ['.young.import', 2],
      ['policy', 100],
      ['.trash', 100],
    ] as const) {
      const folder = join(ownDir, name)
      await mkdir(folder)
      await writeFile(join(folder, 'weights'), '')
      const then = now - ageDays * day
      await utimes(join(folder, 'weights'), then, then)
      await utimes(folder, then, then)
    }
    await sweepDrafts(ownDir, now * 1000)
    expect((await readdir(ownDir)).toSorted()).toEqual(['.trash', '.young.import', 'policy'])
    await sweepDrafts(join(ownDir, 'nowhere'), now * 1000)
  } finally {
    await rm(ownDir, { recursive: true, force: true })
  }
})
