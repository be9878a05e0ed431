import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { withColumns } from '#core/dataset/table.ts'
import { readMp4 } from '#core/dataset/mp4-read.ts'
import { readSegment } from '#host/shared/dataset/episode-segments.ts'
import { encodeParquet } from '#host/shared/dataset/parquet-encode.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import { sourceLengths } from '#test/fixtures/datasets/h264-source.ts'
import { TempDataset } from '#test/fixtures/datasets/temp-dataset.ts'

const takeIds = async (store: DatasetStore, root: string): Promise<string[]> => {
  const detail: string[] = []
  for (const { episodeIndex } of unwrap(await store.episodes(root))) {
    const { columns } = unwrap(await store.episode(root, episodeIndex))
    const values = columns.find((c) => c.name === 'index')?.values
    detail.push(
      `${columns.find((c) => c.name === 'action')?.values[0]?.toFixed(3) ?? ''} ${values?.[0] ?? ''}`,
    )
  }
  return detail
}

describe('dataset store', () => {
  it('lists datasets with what they hold, and those that do not open with the reason', async () => {
    using data = await TempDataset.create()
    await data.add([0, 1])
    mkdirSync(join(data.folder, 'datasets', 'notes'))
    const store = new DatasetStore(data.folder)
    expect(await store.datasets()).toMatchObject([
      {
        name: 'demo',
        episodes: 2,
        frames: 52,
        fps: 30,
        cameras: ['front', 'wrist'],
        tasks: ['Put the cube in the bin'],
        fault: null,
        readOnly: null,
        robotType: 'so_follower',
      },
      { name: 'notes', fault: { code: 'dataset/not-a-dataset' } },
    ])
  })

  it('reads an episode: every numeric column, and where its pictures are', async () => {
    using data = await TempDataset.create()
    await data.add([2, 1])
    const store = new DatasetStore(data.folder)
    const detail = unwrap(await store.episode(data.root, 1))
    expect(detail.summary).toMatchObject({
      frames: 20,
      seconds: 20 / 30,
      operator: 'Ada',
      outcome: 'unlabelled',
      skewP95Ms: 14.25,
      surpriseMax: 0.3,
    })
    expect(detail.columns.map((c) => c.name)).toEqual([
      'action',
      'observation.state',
      'foresight.action_requested',
      'foresight.source',
      'intervention',
      'foresight.read_ns',
      'foresight.capture_ns.front',
      'foresight.capture_ns.wrist',
      'sim.red_cube_m',
      'foresight.surprise',
      'timestamp',
      'frame_index',
      'episode_index',
      'index',
      'task_index',
    ])
    const column = (name: string) => detail.columns.find((c) => c.name === name)
    expect(column('action')).toMatchObject({ width: 6, names: expect.arrayContaining(['gripper.pos']) })
    expect(Array.from(column('index')?.values ?? [])).toEqual(Array.from({ length: 20 }, (_, i) => 41 + i))
    expect(column('intervention')?.values[0]).toBe(1)
    expect(detail.videos.map((v) => [v.camera, v.fromSeconds, v.toSeconds])).toEqual([
      ['front', 0, 20 / 30],
      ['wrist', 0, 20 / 30],
    ])
    const [front] = detail.videos
    const bytes = unwrap(await store.readBytes(data.root, front?.file ?? '', 0, front?.sizeBytes ?? 0))
    expect(unwrap(readMp4(bytes)).samples).toHaveLength(20)
  })

  it('gives no byte of a file outside the videos of an open dataset', async () => {
    using data = await TempDataset.create()
    await data.add([1])
    writeFileSync(join(data.folder, 'secret.mp4'), 'secret')
    symlinkSync(join(data.folder, 'secret.mp4'), join(data.root, 'videos', 'link.mp4'))
    const store = new DatasetStore(data.folder)
    for (const file of [
      'meta/info.json',
      '../../secret.mp4',
      'videos/../meta/info.json',
      'videos/link.mp4',
      '/etc/hostname',
      'videos',
      'videos/none.mp4',
    ])
      expect(await store.readBytes(data.root, file, 0, 10)).toMatchObject({
        ok: false,
        error: { code: 'dataset/not-found' },
      })
    expect(await store.readBytes('/etc', 'hostname', 0, 10)).toMatchObject({
      ok: false,
      error: { code: 'dataset/not-found' },
    })
  })

  it('deletes an episode without touching any picture, and undoing restores every byte', async () => {
    using data = await TempDataset.create()
    await data.add([0, 1, 2])
    const store = new DatasetStore(data.folder)
    const before = data.fingerprint()
    unwrap(await store.deleteEpisode(data.root, 1))
    const after = data.fingerprint()
    expect(unwrap(await store.episodes(data.root)).map((e) => e.frames)).toEqual([32, 41])
    const kept = unwrap(await store.episode(data.root, 1))
    expect(Array.from(kept.columns.find((c) => c.name === 'index')?.values ?? [])).toEqual(
      Array.from({ length: 41 }, (_, i) => 32 + i),
    )
    for (const [path, hash] of Object.entries(before)) {
      if (path.endsWith('.mp4')) expect(Object.values(after)).toContain(hash)
    }
    expect(after['videos/observation.images.front/chunk-000/file-002.mp4']).toBe(
      before['videos/observation.images.front/chunk-000/file-002.mp4'],
    )
    expect(unwrap(await store.undoDelete(data.root))).toBe(1)
    expect(data.fingerprint()).toEqual(before)
    expect(unwrap(await store.undoDelete(data.root))).toBeNull()
  })

  it('undoes any number of deletions in any dataset, with episodes recorded in between', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat({ max: 7 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('add' as const), source: fc.nat({ max: 2 }) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        using data = await TempDataset.create()
        const store = new DatasetStore(data.folder)
        let model = [0, 1, 2, 0]
        await data.add(model)
        const trash: { at: number; source: number }[] = []
        for (const s of steps) {
          if (s.kind === 'add') {
            await data.add([s.source])
            model = [...model, s.source]
          } else if (s.kind === 'delete' && s.at < model.length) {
            unwrap(await store.deleteEpisode(data.root, s.at))
            trash.push({ at: s.at, source: model[s.at] ?? 0 })
            model = model.toSpliced(s.at, 1)
          } else if (s.kind === 'undo') {
            const last = trash.pop()
            expect(unwrap(await store.undoDelete(data.root))).toBe(last?.at ?? null)
            if (last !== undefined) model = model.toSpliced(last.at, 0, last.source)
          }
        }
        let from = 0
        const expected = model.map((source) => {
          const text = `${Math.fround(50 * Math.sin(source + 0.2)).toFixed(3)} ${from}`
          from += sourceLengths[source] ?? 0
          return text
        })
        expect(await takeIds(store, data.root)).toEqual(expected)
        const info = JSON.parse(readFileSync(join(data.root, 'meta/info.json'), 'utf8')) as {
          total_frames: number
          splits: unknown
        }
        expect(info.total_frames).toBe(from)
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  it('labels an episode', async () => {
    using data = await TempDataset.create()
    await data.add([0, 1])
    const store = new DatasetStore(data.folder)
    unwrap(await store.setOutcome(data.root, 1, 'failure'))
    expect(unwrap(await store.episodes(data.root)).map((e) => e.outcome)).toEqual(['unlabelled', 'failure'])
    expect(await store.setOutcome(data.root, 7, 'failure')).toMatchObject({
      ok: false,
      error: { code: 'dataset/not-found' },
    })
    expect(store.revision).toBe(1)
  })

  it('refuses to delete where episodes share files, and says which', async () => {
    using data = await TempDataset.create()
    await data.add([0, 1])
    const path = 'meta/episodes/chunk-000/file-000.parquet'
    const { table } = unwrap(await readSegment(data.root, path))
    const shared = withColumns(table, [
      { name: 'videos/observation.images.front/file_index', type: 'int64', listDepth: 0, values: [0n, 0n] },
    ])
    writeFileSync(join(data.root, path), encodeParquet(shared))
    const store = new DatasetStore(data.folder)
    expect(await store.deleteEpisode(data.root, 0)).toMatchObject({
      ok: false,
      error: { code: 'control/not-allowed', data: { episodes: [0, 1] } },
    })
    expect(await store.open(data.root)).toMatchObject({
      ok: true,
      value: { readOnly: { code: 'control/not-allowed' } },
    })
  })

  it('opens a folder from elsewhere until it is closed', async () => {
    using data = await TempDataset.create()
    await data.add([0])
    const elsewhere = join(data.folder, 'copy')
    cpSync(data.root, elsewhere, { recursive: true })
    const store = new DatasetStore(join(data.folder, 'other'))
    expect(await store.episodes(elsewhere)).toMatchObject({ ok: false, error: { code: 'dataset/not-found' } })
    expect(unwrap(await store.open(elsewhere))).toMatchObject({ episodes: 1 })
    expect((await store.datasets()).map((d) => d.dir)).toEqual([elsewhere])
    store.close(elsewhere)
    expect(await store.datasets()).toEqual([])
  })

  it.each([
    ['an empty folder', (): Record<string, unknown> | undefined => undefined, 'dataset/not-a-dataset'],
    ['a v2.1 dataset', () => ({ codebase_version: 'v2.1' }), 'dataset/older'],
    ['a dataset from the future', () => ({ codebase_version: 'v4.0' }), 'dataset/newer'],
    [
      'a dataset without features',
      () => ({ codebase_version: 'v3.0', fps: 30, total_episodes: 0, total_frames: 0, data_path: '' }),
      'dataset/damaged',
    ],
  ] as const)('says what is wrong with %s', async (_what, info, code) => {
    using data = await TempDataset.create()
    rmSync(data.root, { recursive: true })
    mkdirSync(join(data.root, 'meta'), { recursive: true })
    const json = info()
    if (json !== undefined) writeFileSync(join(data.root, 'meta/info.json'), JSON.stringify(json))
    expect(await new DatasetStore(data.folder).open(data.root)).toMatchObject({ ok: false, error: { code } })
  })

  it('says that the tasks are missing, instead of calling the dataset gone', async () => {
    using data = await TempDataset.create()
    await data.add([0])
    rmSync(join(data.root, 'meta', 'tasks.parquet'))
    expect(await new DatasetStore(data.folder).open(data.root)).toMatchObject({
      error: { code: 'dataset/damaged', data: { path: 'meta/tasks.parquet' } },
    })
  })

  it('says that a file was cut off, instead of guessing', async () => {
    using data = await TempDataset.create()
    await data.add([0])
    const path = join(data.root, 'data/chunk-000/file-000.parquet')
    writeFileSync(path, readFileSync(path).subarray(0, 1000))
    expect(await new DatasetStore(data.folder).episode(data.root, 0)).toMatchObject({
      ok: false,
      error: { code: 'dataset/damaged' },
    })
  })
})
