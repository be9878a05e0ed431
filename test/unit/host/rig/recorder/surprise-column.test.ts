import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { columnValues } from '#core/dataset/table.ts'
import { readDataset } from '#host/shared/dataset/read-dataset.ts'
import { readParquet } from '#host/shared/dataset/parquet-file.ts'
import { RecorderBench, testRig } from '#test/fixtures/datasets/recorder-bench.ts'
import { testSpec } from '#test/fixtures/datasets/make-episode.ts'

const rigBefore = {
  ...testRig,
  spec: {
    ...testSpec,
    sideChannels: testSpec.sideChannels.filter(({ key }) => key !== 'foresight.surprise'),
  },
}

async function saveOne(bench: RecorderBench, source: number): Promise<void> {
  await bench.choose()
  bench.record(source)
  unwrap(bench.recorder.save('success'))
  await bench.recorder.idle()
}

const contentsOf = async (bench: RecorderBench) =>
  unwrap(await readDataset(join(bench.dataDir, 'datasets', 'demo')))

describe('surprise in a take', () => {
  it('is kept for each frame, and its extremes with the episode', async () => {
    let score = -1
    await using bench = new RecorderBench({
      rig: { ...testRig, readSideChannels: () => [0.1, 0.2, 0.3, score] },
    })
    bench.source = 'policy'
    await bench.choose()
    bench.record(0)
    unwrap(bench.recorder.save('success'))
    score = 0.4
    bench.record(1)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    const { episodes } = await contentsOf(bench)
    expect(episodes[0]?.evidence?.surprise).toEqual({ max: null, mean: null })
    expect(episodes[1]?.evidence?.surprise?.max).toBeCloseTo(0.4, 6)
    const second = join(bench.dataDir, 'datasets', 'demo', 'data/chunk-000/file-001.parquet')
    const rows = Array.from(columnValues(unwrap(await readParquet(second)), 'foresight.surprise') ?? [])
    expect(Number(rows.flat().at(-1))).toBeCloseTo(0.4, 6)
  })

  it('has no place in a dataset from before, which goes on as it is', async () => {
    await using old = new RecorderBench({ rig: rigBefore })
    await saveOne(old, 0)
    await using bench = new RecorderBench({ dataDir: old.dataDir })
    await bench.recorder.recover()
    await saveOne(bench, 1)
    const { info, episodes } = await contentsOf(bench)
    expect(Object.keys(info.features)).not.toContain('foresight.surprise')
    expect(Object.keys(info.features)).toContain('sim.red_cube_m')
    expect(episodes.map(({ evidence }) => evidence?.surprise)).toEqual([null, null])
  })
})
