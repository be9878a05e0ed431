/**
 * Writes datasets for LeRobot to judge, and beside each an `expect.json`: every value as our own reader gives it, and which
 * picture every frame must show. Usage: write-datasets.ts make FOLDER | append DATASET
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unwrap } from '#core/result.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import { appendEpisode } from '#host/shared/dataset/append-episode.ts'
import { openForRecording } from '#host/shared/dataset/create-dataset.ts'
import { makeEpisode, testCharter, testInfo } from '#test/fixtures/datasets/make-episode.ts'
import { RecorderBench } from '#test/fixtures/datasets/recorder-bench.ts'

/** Which recorded episode each episode's pictures come from, in order. */
type Sources = readonly number[]

async function writeExpectation(root: string, sources: Sources): Promise<void> {
  const store = new DatasetStore(join(root, '..', '..'))
  unwrap(await store.open(root))
  const episodes = []
  for (const [index, source] of sources.entries()) {
    const { summary, columns } = unwrap(await store.episode(root, index))
    episodes.push({
      source,
      length: summary.frames,
      tasks: summary.tasks,
      columns: Object.fromEntries(
        columns.map((c) => [c.name, { width: c.width, values: Array.from(c.values) }]),
      ),
    })
  }
  writeFileSync(`${root}.expect.json`, JSON.stringify({ episodes }))
}

async function append(root: string, takeId: string, source: number, task?: string): Promise<void> {
  const samples = mkdtempSync(join(tmpdir(), 'foresight-samples-'))
  unwrap(await appendEpisode(root, makeEpisode(samples, takeId, source, task)))
  rmSync(samples, { recursive: true, force: true })
}

async function empty(folder: string, name: string): Promise<string> {
  const root = join(folder, 'datasets', name)
  unwrap(await openForRecording(root, testInfo(), testCharter))
  return root
}

/** Takes that went the whole way: loop, cameras, journal, save; one of them closed early, one discarded. */
async function recorded(folder: string): Promise<void> {
  await using bench = new RecorderBench({ dataDir: folder })
  await bench.choose('recorded')
  bench.record(0)
  unwrap(bench.recorder.save('success'))
  bench.source = 'policy'
  bench.record(1)
  unwrap(await bench.recorder.discard())
  bench.record(2)
  unwrap(bench.recorder.save('failure'))
  const { takeId, grid } = bench.start()
  bench.runTo(grid.timeUs(15))
  bench.send(takeId, grid, 1, 0, 1)
  bench.recorder.captureLost({ code: 'capture/lost', message: 'the page went away after one picture' })
  unwrap(bench.recorder.save('unlabelled'))
  await bench.recorder.idle()
  await writeExpectation(join(folder, 'datasets', 'recorded'), [0, 2, 1])
}

async function edited(folder: string): Promise<void> {
  const root = await empty(folder, 'edited')
  for (const [i, source] of [0, 1, 2, 1].entries())
    await append(root, `t${i}`, source, i === 2 ? 'Open the drawer' : undefined)
  const store = new DatasetStore(folder)
  unwrap(await store.deleteEpisode(root, 1))
  unwrap(await store.undoDelete(root))
  unwrap(await store.deleteEpisode(root, 0))
  await append(root, 't4', 0)
  unwrap(await store.deleteEpisode(root, 2))
  unwrap(await store.setOutcome(root, 0, 'success'))
  await writeExpectation(root, [1, 2, 0])
}

/** More episodes than fit one file of meta/episodes. */
async function many(folder: string): Promise<void> {
  const root = await empty(folder, 'many')
  const sources = Array.from({ length: 66 }, (_, i) => (i * 2) % 3)
  for (const [i, source] of sources.entries()) await append(root, `t${i}`, source)
  await writeExpectation(root, sources)
}

const [, , command, path] = process.argv
if (path === undefined) throw new Error('usage: write-datasets.ts make FOLDER | append DATASET SOURCES…')
if (command === 'append') {
  // SOURCES are those of the episodes that are there; one more of recorded episode 2 follows.
  const sources = process.argv.slice(4).map(Number)
  await append(path, `appended-${sources.length}`, 2)
  await writeExpectation(path, [...sources, 2])
} else {
  mkdirSync(path, { recursive: true })
  await recorded(path)
  await edited(path)
  await many(path)
}
