/** A disk that fills up or turns read-only, for real: a small file system in memory. Nothing saved is lost, and the words say what to do. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import { openDataset } from '#host/shared/dataset/open-dataset.ts'
import { RecorderBench } from '#test/fixtures/datasets/recorder-bench.ts'

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0
const unmount = (folder: string): boolean => spawnSync('umount', ['--lazy', folder]).status === 0

/** Only an administrator may mount, and only where the system has such a file system. */
const canMount = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'foresight-mount-'))
  const done = mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder) && unmount(folder)
  rmSync(folder, { recursive: true, force: true })
  return done
})()

describe.skipIf(!canMount)('a disk (skipped where no file system can be mounted)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foresight-disk-'))
  const root = join(folder, 'datasets', 'demo')
  const filler = join(folder, 'filler')

  beforeEach(() => {
    mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder)
  })
  afterEach(() => {
    unmount(folder)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  const fill = (leftBytes: number): void => {
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(filler, new Uint8Array(Math.max(0, bavail * bsize - leftBytes)))
  }
  const lengths = async (): Promise<number[]> => unwrap(await openDataset(root)).episodes.map((e) => e.length)

  it('that fills up during a take closes it at what is safe; with room again the take is kept', async () => {
    await using bench = new RecorderBench({ dataDir: folder })
    await bench.choose()
    const first = bench.record(0)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()

    const { takeId, grid } = bench.start()
    bench.runTo(grid.timeUs(9) + 1000)
    bench.send(takeId, grid, 1, 0, 10)
    await bench.flushed(8)
    const safe = bench.recorder.state().take?.flushedFrames ?? 0
    fill(0)
    bench.runTo(grid.timeUs(19) + 1000)
    bench.send(takeId, grid, 1, 10, 20)
    for (let round = 0; bench.recorder.state().phase !== 'closed'; round++) {
      bench.runTo(bench.nowUs + 250_000)
      await new Promise((resolve) => setImmediate(resolve))
      if (round > 1000) throw new Error('the take stays open on a full disk')
    }
    expect(bench.recorder.state().take).toMatchObject({ closedBy: { code: 'record/disk-full' } })
    expect(bench.recorder.state().take?.frames).toBeGreaterThanOrEqual(safe)
    expect(await lengths()).toEqual([first.frames])

    rmSync(filler)
    const frames = bench.recorder.state().take?.frames ?? 0
    unwrap(bench.recorder.save('unlabelled'))
    await bench.recorder.idle()
    const kept = await lengths()
    expect(kept).toHaveLength(2)
    expect(kept[1]).toBeGreaterThanOrEqual(frames)
  })

  it('that is full when a take is saved keeps the take, and saves it once there is room', async () => {
    await using bench = new RecorderBench({ dataDir: folder })
    await bench.choose()
    const first = bench.record(0)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    const second = bench.record(1)
    await bench.flushed(10)
    const safe = bench.recorder.state().take?.flushedFrames ?? 0
    fill(0)
    unwrap(bench.recorder.save('success'))
    // The clock went on while the flush was waited for: the last pictures of its rows are given up.
    bench.runTo(bench.nowUs + 10_000_000)
    await bench.recorder.idle()
    const { failure, recovered } = bench.recorder.state()
    expect(failure?.code).toBe('record/disk-full')
    expect(recovered).toMatchObject([{ takeId: second.takeId }])
    expect(recovered[0]?.frames).toBeGreaterThanOrEqual(safe)
    expect(await lengths()).toEqual([first.frames])

    rmSync(filler)
    unwrap(bench.recorder.keepRecovered(second.takeId))
    await bench.recorder.idle()
    expect(await lengths()).toEqual([first.frames, recovered[0]?.frames])
    expect(bench.recorder.state().failure).toBeNull()
  })

  it('that may only be read shows its datasets, and says so when a take or a change is wanted', async () => {
    {
      await using bench = new RecorderBench({ dataDir: folder })
      await bench.choose()
      bench.record(0)
      unwrap(bench.recorder.save('success'))
      await bench.recorder.idle()
    }
    mount('-o', 'remount,ro', folder)
    const store = new DatasetStore(folder)
    expect(unwrap(await store.episodes(root))).toHaveLength(1)
    const deleted = await store.deleteEpisode(root, 0)
    expect(deleted).toMatchObject({ ok: false, error: { code: 'record/read-only' } })
    await using bench = new RecorderBench({ dataDir: folder })
    const chosen = await bench.recorder.choose({ dataset: 'demo', task: 'x', operator: '', goal: null })
    expect(chosen).toMatchObject({ ok: false, error: { code: 'record/read-only' } })
    expect(await lengths()).toHaveLength(1)
  })
})
