import { join } from 'node:path'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { chunkNotesFolder, type ChunkNote } from '#core/dataset/chunk-note.ts'
import { unwrap } from '#core/result.ts'
import { readDataset } from '#host/shared/dataset/read-dataset.ts'
import { readParquet } from '#host/shared/dataset/parquet-file.ts'
import { columnValues } from '#core/dataset/table.ts'
import { RecorderBench, testRig } from '#test/fixtures/datasets/recorder-bench.ts'
import { testSpec } from '#test/fixtures/datasets/make-episode.ts'

const datasetOf = (bench: RecorderBench): string => join(bench.dataDir, 'datasets', 'demo')

describe('take recorder', () => {
  it('saves a take as an episode with one picture per row', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { frames } = bench.record(0)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    const { episodes, tasks } = unwrap(await readDataset(datasetOf(bench)))
    expect(episodes).toHaveLength(1)
    expect(episodes[0]).toMatchObject({
      length: frames,
      tasks: ['Put the cube in the bin'],
      evidence: {
        outcome: 'success',
        operator: 'Ada',
        isClosedEarly: false,
        tickHz: expect.closeTo(200, -1),
      },
    })
    expect(tasks).toEqual(['Put the cube in the bin'])
    expect(bench.recorder.state()).toMatchObject({
      phase: 'ready',
      session: [{ number: 1, state: 'saved' }],
      saving: [],
    })
    expect(readdirSync(join(bench.dataDir, 'takes'))).toEqual([])
  })

  it('keeps with the episode where every chunk that was followed came from, so that it can be computed again', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const guide = { leftOver: [1.5], rows: 1, delayRows: 1, horizonRows: 1, schedule: 'linear' as const }
    const question = { task: 'pick', state: [0.25], extras: { goal: [2] }, guide }
    const origin = { policyId: 'own/a1', chunkId: 7, seed: 1234, isGuided: true, stagesMs: {}, question }
    bench.recorder.noteChunk(0, origin)
    bench.record(0)
    const { takeId, t0Us } = bench.recorder.state().take ?? { takeId: '', t0Us: 0 }
    bench.recorder.noteChunk(t0Us + 100_000, origin)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    const text = await readFile(join(datasetOf(bench), chunkNotesFolder, `${takeId}.jsonl`), 'utf8')
    const notes = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ChunkNote)
    expect(notes).toEqual([
      {
        chunkId: 7,
        policyId: 'own/a1',
        frame: 3,
        observationUs: t0Us + 100_000,
        seed: 1234,
        isGuided: true,
        question,
      },
    ])
  })

  it('lets the next take start before the last one is saved', async () => {
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    await using bench = new RecorderBench({
      save: async (folder, outcome) => {
        await gate
        return (await import('#host/rig/recorder/save-take.ts')).saveTakeFolder(folder, outcome)
      },
    })
    await bench.choose()
    bench.record(0)
    unwrap(bench.recorder.save('success'))
    expect(bench.recorder.blocker()).toBeNull()
    bench.record(1)
    expect(bench.recorder.state()).toMatchObject({
      phase: 'recording',
      take: { number: 2 },
      saving: [{ number: 1 }],
    })
    unwrap(bench.recorder.save('failure'))
    release()
    await bench.recorder.idle()
    const { episodes } = unwrap(await readDataset(datasetOf(bench)))
    expect(episodes.map((e) => [e.length, e.evidence?.outcome])).toEqual([
      [32, 'success'],
      [20, 'failure'],
    ])
  })

  it('closes a take at the last grid time that every camera has a picture for', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { takeId, grid } = bench.start()
    bench.runTo(grid.timeUs(30))
    bench.send(takeId, grid, 0, 0, 25, ['front'])
    bench.send(takeId, grid, 0, 0, 21, ['wrist'])
    bench.recorder.captureLost({ code: 'capture/lost', message: 'the page went away' })
    expect(bench.recorder.state()).toMatchObject({
      phase: 'closed',
      take: { frames: 21, closedBy: { code: 'capture/lost' } },
    })
    unwrap(bench.recorder.save('unlabelled'))
    await bench.recorder.idle()
    const { episodes } = unwrap(await readDataset(datasetOf(bench)))
    expect(episodes[0]).toMatchObject({
      length: 21,
      evidence: { isClosedEarly: true, closeReason: 'capture/lost' },
    })
  })

  it('closes when one camera ends before the take, and not when it ends with it', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { takeId, grid } = bench.start()
    bench.runTo(grid.timeUs(20))
    bench.send(takeId, grid, 0, 0, 15)
    bench.recorder.cameraEnded('another take', 'front')
    expect(bench.recorder.state().phase).toBe('recording')
    bench.recorder.cameraEnded(takeId, 'front')
    expect(bench.recorder.state()).toMatchObject({
      phase: 'closed',
      take: { frames: 15, closedBy: { code: 'capture/lost', data: { camera: 'front' } } },
    })
    bench.recorder.cameraEnded(takeId, 'wrist')
    expect(bench.recorder.state().take).toMatchObject({ frames: 15, closedBy: { data: { camera: 'front' } } })
  })

  it('ends by itself when a camera has given no picture for five seconds, and names it', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { takeId, grid } = bench.start()
    for (let frame = 0; bench.recorder.state().phase === 'recording' && frame < 300; frame += 1) {
      bench.runTo(grid.timeUs(frame) + 1000)
      bench.send(takeId, grid, 0, frame, Math.min(frame + 1, 20), ['front'])
    }
    const { take } = bench.recorder.state()
    expect(take).toMatchObject({ closedBy: { code: 'record/camera-missing', data: { camera: 'wrist' } } })
    expect(bench.nowUs - (take?.t0Us ?? 0)).toBeLessThan(6_000_000)
  })

  it('waits for the last pictures, and no longer than two seconds', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { takeId, grid } = bench.start()
    bench.runTo(grid.timeUs(31))
    bench.send(takeId, grid, 0, 0, 30)
    unwrap(bench.recorder.save('success'))
    expect(bench.orders.at(-1)).toEqual({ kind: 'stop', takeId, frames: 32 })
    bench.send(takeId, grid, 0, 30, 31)
    bench.send(takeId, grid, 0, 31, 32, ['front'])
    bench.timers.advance(bench.nowUs / 1000 + 2001)
    await bench.recorder.idle()
    const { episodes } = unwrap(await readDataset(datasetOf(bench)))
    expect(episodes[0]).toMatchObject({ length: 31, evidence: { closeReason: 'capture/lost' } })
  })

  it('ends the take when a camera skips a picture, so that rows and pictures never part', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { takeId, grid } = bench.start()
    bench.runTo(grid.timeUs(12))
    bench.send(takeId, grid, 0, 0, 10)
    const { data, isKey } = { data: new Uint8Array([0, 0, 0, 1, 0x41]), isKey: false }
    const skipped = bench.recorder.putVideo(takeId, 'front', {
      frameIndex: 11,
      isKey,
      data,
      captureUs: 0,
      uncertaintyUs: 0,
      isRepeat: false,
    })
    expect(skipped).toMatchObject({ ok: false, error: { code: 'capture/lost' } })
    expect(bench.recorder.state()).toMatchObject({ phase: 'closed', take: { frames: 10 } })
  })

  it('writes rows that hold the latest reading at or before their grid time, and its true time', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    bench.record(1)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    const table = unwrap(await readParquet(join(datasetOf(bench), 'data/chunk-000/file-000.parquet')))
    const readNs = Array.from(columnValues(table, 'foresight.read_ns') ?? [], Number)
    const states = Array.from(columnValues(table, 'observation.state') ?? []) as number[][]
    const actions = Array.from(columnValues(table, 'action') ?? []) as number[][]
    for (const [k, ns] of readNs.entries()) {
      const lagUs = Math.floor((k * 1e6) / 30) - ns / 1000
      expect(lagUs).toBeGreaterThanOrEqual(0)
      expect(lagUs).toBeLessThan(5000)
      expect(actions[k]?.[0]).toBeCloseTo((states[k]?.[0] ?? 0) + 1, 4)
    }
  })

  it('moves a discarded take to the trash and brings it back', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { takeId } = bench.record(0)
    unwrap(await bench.recorder.discard())
    expect(bench.recorder.state()).toMatchObject({
      phase: 'ready',
      trash: 1,
      session: [{ takeId, state: 'trash' }],
    })
    unwrap(await bench.recorder.undoDiscard())
    expect(bench.recorder.state()).toMatchObject({
      phase: 'closed',
      trash: 0,
      take: { takeId, frames: 32, closedBy: null },
    })
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    expect(unwrap(await readDataset(datasetOf(bench))).episodes).toHaveLength(1)
    expect(await bench.recorder.undoDiscard()).toMatchObject({
      ok: false,
      error: { code: 'record/not-recording' },
    })
  })

  it('labels the open take, and the last saved one when none is open', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    bench.record(0)
    unwrap(await bench.recorder.setOutcome('failure'))
    expect(bench.recorder.state().take?.outcome).toBe('failure')
    unwrap(bench.recorder.save('failure'))
    unwrap(await bench.recorder.setOutcome('partial'))
    await bench.recorder.idle()
    expect(unwrap(await readDataset(datasetOf(bench))).episodes[0]?.evidence?.outcome).toBe('partial')
    unwrap(await bench.recorder.setOutcome('success'))
    expect(unwrap(await readDataset(datasetOf(bench))).episodes[0]?.evidence?.outcome).toBe('success')
    expect(bench.recorder.state().session).toMatchObject([{ outcome: 'success' }])
  })

  it('says why a take cannot start', async () => {
    await using bench = new RecorderBench()
    expect(bench.recorder.blocker()).toMatchObject({ code: 'record/no-dataset' })
    await bench.choose()
    expect(bench.recorder.blocker()).toMatchObject({ code: 'control/not-connected' })
    bench.record(0)
    expect(bench.recorder.start()).toMatchObject({ ok: false, error: { code: 'record/busy' } })
    expect(bench.recorder.save('success')).toMatchObject({ ok: true })
    expect(bench.recorder.save('success')).toMatchObject({
      ok: false,
      error: { code: 'record/not-recording' },
    })
  })

  it('refuses a rig that does not fit the dataset and names every difference', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const [front] = testSpec.cameras
    if (front === undefined) throw new Error('no camera')
    bench.recorder.setRig({
      ...testRig,
      spec: { ...testSpec, fps: 25, cameras: [{ ...front, width: 320, height: 240 }] },
    })
    const refused = await bench.recorder.choose({ dataset: 'demo', task: 't', operator: '', goal: null })
    if (refused.ok) throw new Error('accepted')
    expect(refused.error.code).toBe('record/rig-mismatch')
    const differences = refused.error.data?.['differences'] as { what: string }[]
    expect(differences.map((d) => d.what)).toEqual([
      'fps',
      'observation.images.front',
      'observation.images.wrist',
      'foresight.capture_ns.wrist',
    ])
  })

  it('resumes a dataset after a restart', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    bench.record(0)
    unwrap(bench.recorder.save('success'))
    await bench.recorder.idle()
    await using again = new RecorderBench({ dataDir: bench.dataDir })
    await again.recorder.recover()
    await again.choose()
    expect(again.recorder.state().dataset?.episodes).toBe(1)
    again.record(2)
    unwrap(again.recorder.save('success'))
    await again.recorder.idle()
    const { info, episodes } = unwrap(await readDataset(datasetOf(bench)))
    expect(episodes.map((e) => [e.fromIndex, e.toIndex])).toEqual([
      [0, 32],
      [32, 73],
    ])
    expect(info).toMatchObject({ totalEpisodes: 2, totalFrames: 73, totalTasks: 1 })
  })

  it('publishes a flush counter that never runs ahead of the disk', async () => {
    await using bench = new RecorderBench()
    await bench.choose()
    const { takeId, grid } = bench.start()
    bench.runTo(grid.timeUs(15))
    bench.send(takeId, grid, 0, 0, 15)
    expect(bench.recorder.state().take).toMatchObject({ frames: 15, flushedFrames: 0 })
    await bench.flushed(15)
    expect(bench.recorder.state().take?.flushedFrames).toBe(15)
  })
})
