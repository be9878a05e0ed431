/** `kill -9` of the recording process at seeded moments (DESIGN §8): the dataset opens, and nothing that was promised is lost. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { findVideoProblem, readMp4 } from '#core/dataset/mp4-read.ts'
import { unwrap } from '#core/result.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import { openDataset } from '#host/shared/dataset/open-dataset.ts'
import { RecorderBench } from '#test/fixtures/datasets/recorder-bench.ts'

const child = fileURLToPath(new URL('../fixtures/datasets/kill-child.ts', import.meta.url))

interface Promises {
  readonly flushed: Map<string, number>
  readonly saved: Set<string>
}

/** Runs the child until it has said `lines` lines, then kills it. Gives what it had promised. */
async function runAndKill(dataDir: string, lines: number): Promise<Promises> {
  const promises: Promises = { flushed: new Map(), saved: new Set() }
  const process_ = spawn(process.execPath, [child, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  let heard = 0
  for await (const line of createInterface({ input: process_.stdout })) {
    const message = JSON.parse(line) as { flushed?: string; frames?: number; saved?: string }
    if (message.flushed !== undefined) promises.flushed.set(message.flushed, message.frames ?? 0)
    if (message.saved !== undefined) promises.saved.add(message.saved)
    heard += 1
    if (heard === lines) process_.kill('SIGKILL')
  }
  return promises
}

/** Every episode has as many rows as pictures of each camera, each at its time. */
async function checkEpisodes(dataDir: string, root: string): Promise<void> {
  const store = new DatasetStore(dataDir)
  for (const { episodeIndex, frames } of unwrap(await store.episodes(root))) {
    const detail = unwrap(await store.episode(root, episodeIndex))
    expect(detail.columns.find((c) => c.name === 'index')?.values).toHaveLength(frames)
    for (const { file } of detail.videos) {
      const index = unwrap(readMp4(readFileSync(join(root, file))))
      expect(findVideoProblem(index, frames, 30)).toBeNull()
    }
  }
}

describe('killing the recording process', () => {
  it.each([1, 4, 6, 9, 13, 17, 24, 31])('after %i promises loses none of them', async (lines) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'foresight-kill-'))
    const root = join(dataDir, 'datasets', 'demo')
    try {
      const promised = await runAndKill(dataDir, lines)
      const opened = unwrap(await openDataset(root))
      const lengths = new Map(opened.episodes.map((e) => [e.evidence?.takeId, e.length]))
      for (const takeId of promised.saved) expect([...lengths.keys()]).toContain(takeId)
      await checkEpisodes(dataDir, root)

      await using bench = new RecorderBench({ dataDir })
      await bench.recorder.recover()
      for (const { takeId } of bench.recorder.state().recovered) unwrap(bench.recorder.keepRecovered(takeId))
      await bench.recorder.idle()
      const after = unwrap(await openDataset(root))
      const kept = after.episodes.map((e) => e.evidence?.takeId)
      expect(new Set(kept).size).toBe(kept.length)
      for (const [takeId, frames] of promised.flushed)
        expect(after.episodes.find((e) => e.evidence?.takeId === takeId)?.length ?? 0).toBeGreaterThanOrEqual(
          frames,
        )
      await checkEpisodes(dataDir, root)
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
})
