/** A disk that fills up or turns read-only, for real: a small file system in memory. Nothing saved is lost, and the words say what to do. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import { openDataset } from '#host/shared/dataset/open-dataset.ts'
import { RecorderBench } from '#test/fixtures/datasets/recorder-bench.ts'
import { canMount, SmallDisk } from '#test/fixtures/small-disk.ts'

const sizeKilobytes = 4096
const rootOf = (disk: SmallDisk): string => join(disk.folder, 'datasets', 'demo')
const lengths = async (disk: SmallDisk): Promise<number[]> =>
  unwrap(await openDataset(rootOf(disk))).episodes.map((episode) => episode.length)

describe.skipIf(!canMount)('a disk (skipped where no file system can be mounted)', () => {
  it('that fills up during a take closes it at what is safe; with room again the take is kept', async () => {
    using disk = new SmallDisk(sizeKilobytes)
    await using bench = new RecorderBench({ dataDir: disk.folder })
    await bench.choose()
    const first = bench.record(0)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()

    const { takeId, grid } = bench.start()
    bench.runTo(grid.timeUs(9) + 1000)
    bench.send(takeId, grid, 1, 0, 10)
    await bench.flushed(8)
    const safe = bench.recorder.state().take?.flushedFrames ?? 0
    disk.fill()
    bench.runTo(grid.timeUs(19) + 1000)
    bench.send(takeId, grid, 1, 10, 20)
    for (let round = 0; bench.recorder.state().phase !== 'closed'; round++) {
      bench.runTo(bench.nowUs + 250_000)
      await new Promise((resolve) => setImmediate(resolve))
      if (round > 1000) throw new Error('the take stays open on a full disk')
    }
    expect(bench.recorder.state().take).toMatchObject({ closedBy: { code: 'record/disk-full' } })
    expect(bench.recorder.state().take?.frames).toBeGreaterThanOrEqual(safe)
    expect(await lengths(disk)).toEqual([first.frames])

    disk.clear()
    const frames = bench.recorder.state().take?.frames ?? 0
    unwrap(bench.recorder.save('unlabelled'))
    await bench.recorder.idle()
    const kept = await lengths(disk)
    expect(kept).toHaveLength(2)
    expect(kept[1]).toBeGreaterThanOrEqual(frames)
  })

  it('that is full when a take is saved keeps the take, and saves it once there is room', async () => {
    using disk = new SmallDisk(sizeKilobytes)
    await using bench = new RecorderBench({ dataDir: disk.folder })
    await bench.choose()
    const first = bench.record(0)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    const second = bench.record(1)
    await bench.flushed(10)
    const safe = bench.recorder.state().take?.flushedFrames ?? 0
    disk.fill()
    unwrap(bench.recorder.save('success'))
    // The clock went on while the flush was waited for: the last pictures of its rows are given up.
    bench.runTo(bench.nowUs + 10_000_000)
    await bench.recorder.idle()
    const { failure, recovered } = bench.recorder.state()
    expect(failure?.code).toBe('record/disk-full')
    expect(recovered).toMatchObject([{ takeId: second.takeId }])
    expect(recovered[0]?.frames).toBeGreaterThanOrEqual(safe)
    expect(await lengths(disk)).toEqual([first.frames])

    disk.clear()
    unwrap(bench.recorder.keepRecovered(second.takeId))
    await bench.recorder.idle()
    expect(await lengths(disk)).toEqual([first.frames, recovered[0]?.frames])
    expect(bench.recorder.state().failure).toBeNull()
  })

  it('that turns read-only under a dataset keeps the take, which goes to the dataset chosen instead', async () => {
    using disk = new SmallDisk(sizeKilobytes)
    await using bench = new RecorderBench()
    const root = join(disk.folder, 'demo')
    unwrap(await bench.recorder.choose({ dataset: root, task: 'x', operator: '', goal: null }))
    const { takeId, frames } = bench.record(0)
    disk.makeReadOnly()
    const keep = async () => {
      await bench.recorder.idle()
      const { recovered } = bench.recorder.state()
      expect(recovered).toMatchObject([{ takeId, frames, outcome: 'partial' }])
      unwrap(bench.recorder.keepRecovered(takeId))
      await bench.recorder.idle()
    }
    unwrap(bench.recorder.save('partial'))
    await keep()
    expect(bench.recorder.state().failure?.code).toBe('record/read-only')
    unwrap(await bench.recorder.choose({ dataset: 'other', task: 'x', operator: '', goal: null }))
    await keep()
    expect(bench.recorder.state()).toMatchObject({ failure: null, recovered: [] })
    const { episodes } = unwrap(await openDataset(join(bench.dataDir, 'datasets', 'other')))
    expect(episodes).toMatchObject([{ length: frames, evidence: { takeId, outcome: 'partial' } }])
  })

  it('that may only be read shows its datasets, and says so when a take or a change is wanted', async () => {
    using disk = new SmallDisk(sizeKilobytes)
    const root = rootOf(disk)
    {
      await using bench = new RecorderBench({ dataDir: disk.folder })
      await bench.choose()
      bench.record(0)
      unwrap(bench.recorder.save('success'))
      await bench.recorder.idle()
    }
    disk.makeReadOnly()
    const store = new DatasetStore(disk.folder)
    expect(unwrap(await store.episodes(root))).toHaveLength(1)
    const deleted = await store.deleteEpisode(root, 0)
    expect(deleted).toMatchObject({ ok: false, error: { code: 'record/read-only' } })
    await using bench = new RecorderBench({ dataDir: disk.folder })
    const chosen = await bench.recorder.choose({ dataset: 'demo', task: 'x', operator: '', goal: null })
    expect(chosen).toMatchObject({ ok: false, error: { code: 'record/read-only' } })
    expect(await lengths(disk)).toHaveLength(1)
  })
})
