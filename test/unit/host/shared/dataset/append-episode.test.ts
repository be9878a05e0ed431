import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appendRows, columnValues, makeTable, type Table } from '#core/dataset/table.ts'
import { readMp4 } from '#core/dataset/mp4-read.ts'
import { parseStats } from '#core/dataset/stats-json.ts'
import { unwrap } from '#core/result.ts'
import { appendEpisode } from '#host/shared/dataset/append-episode.ts'
import { openForRecording } from '#host/shared/dataset/create-dataset.ts'
import { planSegment, readSegment } from '#host/shared/dataset/episode-segments.ts'
import { encodeParquet } from '#host/shared/dataset/parquet-encode.ts'
import { ioFault } from '#host/shared/dataset/io-fault.ts'
import { openDataset } from '#host/shared/dataset/open-dataset.ts'
import { readParquet } from '#host/shared/dataset/parquet-file.ts'
import { readDataset } from '#host/shared/dataset/read-dataset.ts'
import { DatasetTransaction } from '#host/shared/dataset/transaction.ts'
import { expectedStats, makeEpisode, testCharter, testInfo } from '#test/fixtures/datasets/make-episode.ts'
import { sourcePictures } from '#test/fixtures/datasets/h264-source.ts'
import { TempDataset } from '#test/fixtures/datasets/temp-dataset.ts'

describe('appending an episode', () => {
  it('writes files of its own for each episode, one row group, LeRobot names', async () => {
    using data = await TempDataset.create()
    await data.add([0, 1], 'sort')
    await data.add([2], 'stack')
    const { info, tasks, episodes } = unwrap(await readDataset(data.root))
    expect(info).toMatchObject({ totalEpisodes: 3, totalFrames: 93, totalTasks: 2 })
    expect(tasks).toEqual(['sort', 'stack'])
    expect(
      episodes.map((e) => [e.data.fileIndex, e.fromIndex, e.toIndex, e.meta.fileIndex, e.tasks[0]]),
    ).toEqual([
      [0, 0, 32, 0, 'sort'],
      [1, 32, 52, 0, 'sort'],
      [2, 52, 93, 0, 'stack'],
    ])
    const rows = unwrap(await readParquet(join(data.root, 'data/chunk-000/file-002.parquet')))
    expect(Array.from(columnValues(rows, 'index') ?? [])).toEqual(
      Array.from({ length: 41 }, (_, i) => BigInt(52 + i)),
    )
    expect(Array.from(columnValues(rows, 'task_index') ?? []).every((v) => v === 1n)).toBe(true)
    const video = readFileSync(join(data.root, 'videos/observation.images.wrist/chunk-000/file-001.mp4'))
    const index = unwrap(readMp4(video))
    const pictures = sourcePictures('wrist', 1)
    for (const [i, { offset, size }] of index.samples.entries())
      expect(video.subarray(offset, offset + size)).toEqual(Buffer.from(pictures[i]?.data ?? []))
  })

  it('keeps statistics of the episode and of the dataset', async () => {
    using data = await TempDataset.create()
    await data.add([0])
    const episode = makeEpisode(data.folder, 'x', 0)
    const stats = unwrap(parseStats(readFileSync(join(data.root, 'meta/stats.json'), 'utf8')))
    expect(stats['action']).toEqual(expectedStats(episode, 'action', 6))
    expect(stats['observation.images.front']).toEqual(episode.pictureStats['observation.images.front'])
    await data.add([1])
    const both = unwrap(parseStats(readFileSync(join(data.root, 'meta/stats.json'), 'utf8')))
    expect(both['index']).toMatchObject({ min: [0], max: [51], count: 52, mean: [25.5] })
  })

  it('adds a take once, however often it is tried', async () => {
    using data = await TempDataset.create()
    const episode = makeEpisode(data.folder, 'same', 1)
    expect(unwrap(await appendEpisode(data.root, episode))).toEqual({ episodeIndex: 0, wasSaved: false })
    const before = data.fingerprint()
    expect(unwrap(await appendEpisode(data.root, episode))).toEqual({ episodeIndex: 0, wasSaved: true })
    expect(data.fingerprint()).toEqual(before)
  })

  it('opens a new file of meta/episodes after 64 episodes', async () => {
    using data = await TempDataset.create()
    await data.add([1])
    const path = join(data.root, 'meta/episodes/chunk-000/file-000.parquet')
    const { table } = unwrap(await readSegment(data.root, 'meta/episodes/chunk-000/file-000.parquet'))
    const grown = (rows: number): Table =>
      Array.from({ length: rows - 1 }, () => table).reduce(appendRows, table)
    const plan = async (rows: number): Promise<string[]> => {
      writeFileSync(path, encodeParquet(grown(rows)))
      return unwrap(await planSegment(data.root, 1000, () => table)).map(
        (file) => `${file.path} ${file.table.rowCount}`,
      )
    }
    expect(await plan(63)).toEqual(['meta/episodes/chunk-000/file-000.parquet 64'])
    expect(await plan(64)).toEqual(['meta/episodes/chunk-000/file-001.parquet 1'])
  })

  it('gives the first file of meta/episodes the columns that it lost in an edit by LeRobot', async () => {
    using data = await TempDataset.create()
    await data.add([1])
    const path = join(data.root, 'meta/episodes/chunk-000/file-000.parquet')
    const { table } = unwrap(await readSegment(data.root, 'meta/episodes/chunk-000/file-000.parquet'))
    const bare = makeTable(table.columns.filter((c) => !c.name.startsWith('foresight.')))
    writeFileSync(path, encodeParquet(bare))
    await data.add([0])
    const { episodes } = unwrap(await readDataset(data.root))
    expect(episodes.map((e) => [e.length, e.evidence?.operator ?? null, e.meta.fileIndex])).toEqual([
      [20, null, 0],
      [32, 'Ada', 1],
    ])
    const first = unwrap(await readParquet(path))
    expect(columnValues(first, 'foresight.outcome')?.[0]).toBeNull()
  })

  it('refuses a corrupt picture, a missing camera and a count that does not match, and leaves the dataset as it was', async () => {
    using data = await TempDataset.create()
    await data.add([0])
    const before = data.fingerprint()
    const good = makeEpisode(data.folder, 'y', 1)
    const front = good.videos['observation.images.front']
    if (front === undefined) throw new Error('no camera')
    expect(
      await appendEpisode(data.root, { ...good, videos: { 'observation.images.front': front } }),
    ).toMatchObject({ ok: false, error: { code: 'record/camera-missing' } })
    const short = { ...front, frames: front.frames.slice(0, 19) }
    expect(
      await appendEpisode(data.root, {
        ...good,
        videos: { ...good.videos, 'observation.images.front': short },
      }),
    ).toMatchObject({ ok: false, error: { code: 'dataset/damaged' } })
    const samples = readFileSync(front.samplesPath)
    samples[samples.length - 3]! ^= 1
    writeFileSync(front.samplesPath, samples)
    expect(await appendEpisode(data.root, good)).toMatchObject({
      ok: false,
      error: { code: 'dataset/damaged' },
    })
    expect(data.fingerprint()).toEqual(before)
  })

  it('uses no place that the trash may want back', async () => {
    using data = await TempDataset.create()
    await data.add([0])
    mkdirSync(join(data.root, '.trash/00000001/data/chunk-000'), { recursive: true })
    writeFileSync(join(data.root, '.trash/00000001/data/chunk-000/file-007.parquet'), '')
    await data.add([1])
    expect(unwrap(await readDataset(data.root)).episodes[1]?.data.fileIndex).toBe(8)
  })
})

describe('opening a dataset', () => {
  it('finishes first what a dead process had decided', async () => {
    using data = await TempDataset.create()
    await data.add([0])
    const dead = new DatasetTransaction(data.root)
    await dead.put('meta/note', 'decided')
    writeFileSync(
      join(data.root, '.foresight/transaction.json'),
      JSON.stringify([{ kind: 'put', staged: '.foresight/stage/0', path: 'meta/note' }]),
    )
    expect(unwrap(await openDataset(data.root)).episodes).toHaveLength(1)
    expect(readFileSync(join(data.root, 'meta/note'), 'utf8')).toBe('decided')
  })

  it('says that info.json and meta/episodes contradict each other', async () => {
    using data = await TempDataset.create()
    await data.add([0, 1])
    const path = join(data.root, 'meta/info.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"total_episodes": 2', '"total_episodes": 3'))
    expect(await openDataset(data.root)).toMatchObject({ ok: false, error: { code: 'dataset/damaged' } })
  })

  it('makes a dataset only where nothing is', async () => {
    using data = await TempDataset.create()
    const other = join(data.folder, 'photos')
    mkdirSync(other)
    expect(await openForRecording(other, testInfo(), testCharter)).toMatchObject({ ok: true })
    rmSync(other, { recursive: true })
    mkdirSync(other)
    writeFileSync(join(other, 'holiday.jpg'), '')
    expect(await openForRecording(other, testInfo(), testCharter)).toMatchObject({
      ok: false,
      error: { code: 'dataset/not-a-dataset' },
    })
    expect(readdirSync(other)).toContain('holiday.jpg')
  })

  it.runIf(process.platform === 'linux').each(['/sys/foresight', '/proc/foresight', '/proc/fore/sight'])(
    'says that %s cannot be written',
    async (place) => {
      const refused = await openForRecording(place, testInfo(), testCharter)
      expect(refused).toMatchObject({ ok: false, error: { code: 'record/read-only' } })
    },
  )

  it('refuses to add to a dataset in other units', async () => {
    using data = await TempDataset.create()
    const units = { ...testCharter.units, 'shoulder_pan.pos': 'rad' }
    expect(await openForRecording(data.root, testInfo(), { ...testCharter, units })).toMatchObject({
      ok: false,
      error: {
        code: 'record/rig-mismatch',
        data: { differences: [{ what: 'unit of shoulder_pan.pos', dataset: 'deg', rig: 'rad' }] },
      },
    })
  })
})

describe('faults of the file system', () => {
  it.each([
    ['ENOSPC', 'record/disk-full'],
    ['EDQUOT', 'record/disk-full'],
    ['EROFS', 'record/read-only'],
    ['EACCES', 'record/read-only'],
    ['ENOENT', 'dataset/not-found'],
    ['EIO', 'dataset/io'],
  ])('%s is %s', (errno, code) => {
    const error = Object.assign(new Error(errno), { code: errno })
    expect(ioFault(error, '/x', 'dataset')).toMatchObject({ code, data: { path: '/x', errno } })
  })
})
