/** A large dataset of our own: opening it, and deleting its first episode, which renumbers every other. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordingFeatures, type RecordingSpec } from '#core/dataset/recording-features.ts'
import { newInfo } from '#core/dataset/info.ts'
import { unwrap } from '#core/result.ts'
import { deleteEpisode } from '#host/library/delete-episode.ts'
import { undoDelete } from '#host/library/undo-delete.ts'
import { appendEpisode } from '#host/shared/dataset/append-episode.ts'
import { openForRecording } from '#host/shared/dataset/create-dataset.ts'
import { warmStats } from '#host/shared/dataset/episode-stats.ts'
import { readDataset } from '#host/shared/dataset/read-dataset.ts'
import { warmData } from '#host/shared/dataset/stage-renumbered-data.ts'
import { makeRows, testCharter, testSpec } from '../fixtures/datasets/make-episode.ts'
import type { Figure } from './report.ts'

const spec: RecordingSpec = { ...testSpec, cameras: [] }

/** @param episodes of `rows` rows each, without pictures: deleting moves those of one episode, however many there are */
async function writeLarge(root: string, episodes: number, rows: number): Promise<void> {
  unwrap(
    await openForRecording(
      root,
      newInfo(spec.fps, unwrap(recordingFeatures(spec)), spec.robotType),
      testCharter,
    ),
  )
  for (let index = 0; index < episodes; index++)
    unwrap(await appendEpisode(root, makeRows(`take-${index}`, index, rows)))
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export async function benchLibrary(episodes = 1000, rows = 1000): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'foresight-library-'))
  try {
    const root = join(folder, 'large')
    await writeLarge(root, episodes, rows)
    const openMs = await timed(async () => unwrap(await readDataset(root)))
    const contents = unwrap(await readDataset(root))
    const known = async () => ({ ok: true as const, value: contents })
    const warmMs = await timed(async () => {
      await warmStats(root)
      await warmData(root, contents.info.dataPath, contents.episodes)
    })
    const deleteMs = await timed(async () => unwrap(await deleteEpisode(root, 0, known)))
    const undoMs = await timed(async () => unwrap(await undoDelete(root)))
    const what = `${episodes} episodes, ${episodes * rows} rows`
    return [
      { name: 'open a dataset', value: openMs, unit: 'ms', budget: 500, note: what },
      { name: 'read ahead after opening', value: warmMs, unit: 'ms', note: 'nobody waits for it' },
      { name: 'delete its first episode, read ahead', value: deleteMs, unit: 'ms', budget: 200, note: what },
      { name: 'undo', value: undoMs, unit: 'ms', note: what },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
