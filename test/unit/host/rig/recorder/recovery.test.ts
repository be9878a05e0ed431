import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { saveTakeFolder } from '#host/rig/recorder/save-take.ts'
import { SaveThread } from '#host/rig/recorder/save-thread.ts'
import { readDataset } from '#host/shared/dataset/read-dataset.ts'
import { RecorderBench, testRig } from '#test/fixtures/datasets/recorder-bench.ts'

const datasetOf = (dataDir: string): string => join(dataDir, 'datasets', 'demo')

/** A data folder as a killed process leaves it: take of `frames` flushed frames, not closed. */
async function killedDuring(
  frames: number,
): Promise<{ readonly dataDir: string; readonly takeId: string } & Disposable> {
  await using bench = new RecorderBench()
  await bench.choose()
  const { takeId, grid } = bench.start()
  bench.runTo(grid.timeUs(frames - 1) + 1000)
  bench.runTo(bench.nowUs + 10_000)
  bench.send(takeId, grid, 0, 0, frames)
  await bench.flushed(frames)
  const dataDir = mkdtempSync(join(tmpdir(), 'foresight-killed-'))
  cpSync(bench.dataDir, dataDir, { recursive: true })
  const take = join(dataDir, 'takes', takeId, 'meta.json')
  writeFileSync(take, readFileSync(take, 'utf8').replaceAll(bench.dataDir, dataDir))
  return { dataDir, takeId, [Symbol.dispose]: () => rmSync(dataDir, { recursive: true, force: true }) }
}

describe('recovery', () => {
  it('offers the take of a process that died, and keeping it makes an episode of all its flushed frames', async () => {
    using killed = await killedDuring(25)
    await using bench = new RecorderBench({ dataDir: killed.dataDir })
    await bench.recorder.recover()
    expect(bench.recorder.state().recovered).toMatchObject([
      { takeId: killed.takeId, frames: 25, flushedFrames: 25 },
    ])
    unwrap(bench.recorder.keepRecovered(killed.takeId))
    await bench.recorder.idle()
    const { episodes } = unwrap(await readDataset(datasetOf(killed.dataDir)))
    expect(episodes).toMatchObject([
      { length: 25, evidence: { closeReason: 'recovered', isClosedEarly: true, outcome: 'unlabelled' } },
    ])
    expect(bench.recorder.state()).toMatchObject({ recovered: [], session: [{ state: 'saved' }] })
  })

  it('discards it into the trash when asked', async () => {
    using killed = await killedDuring(5)
    await using bench = new RecorderBench({ dataDir: killed.dataDir })
    await bench.recorder.recover()
    unwrap(await bench.recorder.discardRecovered(killed.takeId))
    expect(bench.recorder.state()).toMatchObject({ recovered: [], trash: 1 })
    expect(bench.recorder.keepRecovered(killed.takeId)).toMatchObject({
      ok: false,
      error: { code: 'record/not-recording' },
    })
  })

  it.each([
    [
      'a torn row',
      (take: string) => truncateSync(join(take, 'rows.bin'), readFileSync(join(take, 'rows.bin')).length - 9),
      24,
    ],
    [
      'a torn index',
      (take: string) =>
        truncateSync(join(take, 'front.idx'), readFileSync(join(take, 'front.idx')).length - 41),
      23,
    ],
    [
      'samples that never reached the disk',
      (take: string) =>
        truncateSync(join(take, 'wrist.h264'), readFileSync(join(take, 'wrist.h264')).length - 1),
      24,
    ],
    [
      'rubbish after the last row',
      (take: string) => appendFileSync(join(take, 'rows.bin'), Buffer.alloc(500, 3)),
      25,
    ],
    [
      'samples full of zeros',
      (take: string) => {
        const path = join(take, 'front.h264')
        const bytes = readFileSync(path)
        writeFileSync(path, bytes.fill(0, bytes.length - 2))
      },
      24,
    ],
  ] as const)('keeps every whole frame before %s', async (_what, damage, frames) => {
    using killed = await killedDuring(25)
    damage(join(killed.dataDir, 'takes', killed.takeId))
    await using bench = new RecorderBench({ dataDir: killed.dataDir })
    await bench.recorder.recover()
    expect(bench.recorder.state().recovered).toMatchObject([{ frames }])
    unwrap(bench.recorder.keepRecovered(killed.takeId))
    await bench.recorder.idle()
    expect(unwrap(await readDataset(datasetOf(killed.dataDir))).episodes).toMatchObject([{ length: frames }])
  })

  it('finishes a save that was decided before the process died, once', async () => {
    using killed = await killedDuring(10)
    const take = join(killed.dataDir, 'takes', killed.takeId)
    writeFileSync(join(take, 'decision.json'), '{"outcome":"success"}')
    unwrap(await saveTakeFolder(take, 'success'))
    await using bench = new RecorderBench({ dataDir: killed.dataDir })
    await bench.recorder.recover()
    await bench.recorder.idle()
    expect(unwrap(await readDataset(datasetOf(killed.dataDir))).episodes).toMatchObject([
      { length: 10, evidence: { outcome: 'success' } },
    ])
    expect(readdirSync(join(killed.dataDir, 'takes'))).toEqual([])
  })

  it('sweeps takes without a frame and those half removed, and names folders that it cannot read', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    mkdirSync(join(bench.dataDir, 'takes', '.removing-x'), { recursive: true })
    mkdirSync(join(bench.dataDir, 'takes', 'holiday'))
    await bench.recorder.recover()
    expect(readdirSync(join(bench.dataDir, 'takes'))).toEqual(['holiday'])
    expect(bench.recorder.state()).toMatchObject({ recovered: [], failure: { code: 'record/io' } })
  })
})

describe('failures to save', () => {
  it('keep the take and say why; keeping it again works once the cause is gone', async () => {
    let isFull = true
    await using bench = new RecorderBench({
      save: async (folder, outcome) =>
        isFull
          ? { ok: false, error: { code: 'record/disk-full', message: 'no space' } }
          : saveTakeFolder(folder, outcome),
    })
    await bench.choose()
    const { takeId } = bench.record(1)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    while (bench.recorder.state().recovered.length === 0)
      await new Promise((resolve) => setImmediate(resolve))
    expect(bench.recorder.state()).toMatchObject({
      failure: { code: 'record/disk-full' },
      session: [{ takeId, state: 'failed' }],
      recovered: [{ takeId, frames: 20 }],
    })
    isFull = false
    unwrap(bench.recorder.keepRecovered(takeId))
    await bench.recorder.idle()
    expect(bench.recorder.state()).toMatchObject({ failure: null, recovered: [], dataset: { episodes: 1 } })
  })

  it('do not stop later saves when the saver itself breaks', async () => {
    let calls = 0
    await using bench = new RecorderBench({
      save: async (folder, outcome) => {
        calls += 1
        if (calls === 1) throw new Error('broken')
        return await saveTakeFolder(folder, outcome)
      },
    })
    await bench.choose()
    bench.record(1)
    unwrap(bench.recorder.save('success'))
    bench.record(1)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    expect(bench.recorder.state().session.map((entry) => entry.state)).toEqual(['failed', 'saved'])
  })

  it('discard a take that ended before its first frame', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    bench.start()
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    expect(bench.recorder.state()).toMatchObject({ failure: { code: 'record/not-recording' }, recovered: [] })
    expect(readdirSync(join(bench.dataDir, 'takes'))).toEqual([])
  })
})

describe('saving thread', () => {
  it('saves beside the loop and answers every request, also for what is no take', async () => {
    await using thread = new SaveThread()
    thread.warm()
    await using bench = new RecorderBench({ save: thread.save })
    await bench.choose()
    bench.record(0)
    unwrap(bench.recorder.save('success'))
    bench.record(2)
    unwrap(bench.recorder.save('failure'))
    await bench.recorder.idle()
    expect(unwrap(await readDataset(datasetOf(bench.dataDir))).episodes.map((e) => e.length)).toEqual([
      32, 41,
    ])
    expect(await thread.save(join(bench.dataDir, 'nothing'), 'success')).toMatchObject({
      ok: false,
      error: { code: 'record/io' },
    })
  })
})

describe('a dataset folder that has gone', () => {
  it('gets nothing in its place; the take stays, and is kept with its label once the folder is back', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const root = datasetOf(bench.dataDir)
    const { takeId, frames } = bench.record(0)
    renameSync(root, `${root}-moved`)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    expect(existsSync(root)).toBe(false)
    expect(bench.recorder.state()).toMatchObject({
      failure: { code: 'record/dataset-gone', data: { path: root } },
      recovered: [{ takeId, frames, outcome: 'success' }],
    })
    unwrap(bench.recorder.keepRecovered(takeId))
    await bench.recorder.idle()
    expect(existsSync(root)).toBe(false)
    renameSync(`${root}-moved`, root)
    unwrap(bench.recorder.keepRecovered(takeId))
    await bench.recorder.idle()
    expect(unwrap(await readDataset(root)).episodes).toMatchObject([
      { length: frames, evidence: { takeId, outcome: 'success' } },
    ])
    expect(bench.recorder.state()).toMatchObject({ failure: null, recovered: [] })
  })

  it('leaves the take to the dataset that is chosen instead', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const root = datasetOf(bench.dataDir)
    const { takeId } = bench.record(0)
    rmSync(root, { recursive: true })
    unwrap(bench.recorder.save('partial'))
    await bench.recorder.idle()
    const choice = { dataset: 'another', task: 'x', operator: '', goal: null }
    unwrap(await bench.recorder.choose(choice))
    unwrap(bench.recorder.keepRecovered(takeId))
    await bench.recorder.idle()
    expect(existsSync(root)).toBe(false)
    expect(unwrap(await readDataset(join(bench.dataDir, 'datasets', 'another'))).episodes).toMatchObject([
      { tasks: ['Put the cube in the bin'], evidence: { takeId, outcome: 'partial' } },
    ])
    expect(bench.recorder.state()).toMatchObject({ failure: null, recovered: [], dataset: { episodes: 1 } })
  })

  it('is not looked for elsewhere before a person was told, nor put where the take does not fit', async () => {
    using killed = await killedDuring(10)
    rmSync(datasetOf(killed.dataDir), { recursive: true })
    const rig = { ...testRig, spec: { ...testRig.spec, robotType: 'another robot' } }
    await using bench = new RecorderBench({ dataDir: killed.dataDir, rig })
    await bench.recorder.recover()
    unwrap(await bench.recorder.choose({ dataset: 'another', task: 'x', operator: '', goal: null }))
    for (const code of ['record/dataset-gone', 'record/rig-mismatch']) {
      unwrap(bench.recorder.keepRecovered(killed.takeId))
      await bench.recorder.idle()
      expect(bench.recorder.state()).toMatchObject({
        failure: { code },
        recovered: [{ takeId: killed.takeId, frames: 10 }],
      })
    }
  })

  it('is told from an empty place where its disk was mounted, which stays empty', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const root = datasetOf(bench.dataDir)
    bench.record(0)
    rmSync(root, { recursive: true })
    mkdirSync(root)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    expect(bench.recorder.state().failure?.code).toBe('record/dataset-gone')
    expect(readdirSync(root)).toEqual([])
  })
})
