import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FrameGrid } from '#core/timeline/frame-grid.ts'
import type { TakeRow } from '#core/dataset/take-row.ts'
import { unwrap } from '#core/result.ts'
import { AppendFile } from '#host/rig/recorder/append-file.ts'
import { CameraJournal, type VideoChunk } from '#host/rig/recorder/camera-journal.ts'
import { RowBuilder, TickMemory } from '#host/rig/recorder/row-builder.ts'
import { sourceConfig, sourcePictures, toAnnexB } from '#test/fixtures/datasets/h264-source.ts'
import { testSpec } from '#test/fixtures/datasets/make-episode.ts'
import { makeTick } from '#test/fixtures/datasets/recorder-bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'foresight-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const fresh = (): string => join(folder, `f${(files += 1)}`)

describe('append file', () => {
  it('writes in the order of the appends, and takes copies', async () => {
    const file = new AppendFile(fresh())
    const bytes = Uint8Array.from([1, 2, 3])
    file.append(bytes)
    bytes[0] = 9
    file.append(bytes)
    expect(file).toMatchObject({ length: 6, pendingBytes: 6 })
    await file.flush()
    file.append(Uint8Array.from([7]))
    await file.flush()
    expect(file).toMatchObject({ length: 7, pendingBytes: 0 })
    await file.close()
    expect([...readFileSync(file.path)]).toEqual([1, 2, 3, 9, 2, 3, 7])
  })

  it.runIf(process.platform === 'linux')(
    'is of no use after the disk was full once: nothing may follow a partial write',
    async () => {
      const file = new AppendFile('/dev/full')
      file.append(new Uint8Array(10))
      await expect(file.flush()).rejects.toMatchObject({ code: 'ENOSPC' })
      await expect(file.flush()).rejects.toMatchObject({ code: 'ENOSPC' })
      await file.close()
    },
  )
})

describe('camera journal', () => {
  const [front] = testSpec.cameras
  if (front === undefined) throw new Error('no camera')
  const pictures = sourcePictures('front', 1)
  const chunk = (frameIndex: number, changes: Partial<VideoChunk> = {}): VideoChunk => ({
    frameIndex,
    isKey: pictures[frameIndex]?.isKey ?? false,
    data: pictures[frameIndex]?.data ?? new Uint8Array(),
    captureUs: frameIndex * 33_333,
    uncertaintyUs: 100,
    isRepeat: false,
    ...changes,
  })

  it('needs no announced configuration when the first picture carries it', () => {
    const journal = new CameraJournal(fresh(), front)
    expect(journal.put(chunk(0, { data: toAnnexB(pictures[0]?.data ?? new Uint8Array()) }))).toEqual({
      ok: true,
      value: undefined,
    })
    expect(journal.frames).toBe(1)
  })

  it('refuses a picture without a configuration', () => {
    const journal = new CameraJournal(fresh(), front)
    expect(journal.put(chunk(0, { data: pictures[1]?.data ?? new Uint8Array() }))).toMatchObject({
      ok: false,
      error: { code: 'capture/encoder' },
    })
  })

  it('refuses to begin on anything but a key frame, whatever the sender calls it', () => {
    const journal = new CameraJournal(fresh(), front)
    unwrap(journal.configure(sourceConfig('front')))
    const refused = journal.put(chunk(0, { data: pictures[1]?.data ?? new Uint8Array(), isKey: true }))
    expect(refused).toMatchObject({ ok: false, error: { code: 'capture/encoder' } })
  })

  it.each([
    ['skipped', 2],
    ['sent twice', 0],
  ])('refuses a picture that was %s', (_what, frameIndex) => {
    const journal = new CameraJournal(fresh(), front)
    unwrap(journal.put(chunk(0)))
    expect(journal.put(chunk(frameIndex))).toMatchObject({
      ok: false,
      error: { code: 'capture/lost', data: { camera: 'front' } },
    })
  })

  it('refuses pictures of another size, and an encoder that changes its settings', () => {
    expect(
      new CameraJournal(fresh(), { ...front, width: 640 }).configure(sourceConfig('front')),
    ).toMatchObject({ ok: false, error: { code: 'capture/encoder' } })
    const journal = new CameraJournal(fresh(), front)
    const config = sourceConfig('front')
    unwrap(journal.configure(config))
    expect(journal.configure(config)).toMatchObject({ ok: true })
    const other = config.slice()
    other[other.length - 6]! ^= 1
    expect(journal.configure(other)).toMatchObject({ ok: false, error: { code: 'capture/encoder' } })
  })
})

describe('row builder', () => {
  const build = (grid: FrameGrid) => {
    const rows: TakeRow[] = []
    return {
      rows,
      builder: new RowBuilder(
        grid,
        (position) => position,
        (row) => rows.push(row),
      ),
    }
  }

  it('takes the goal of the same pass as the reading', () => {
    const memory = new TickMemory()
    const { rows, builder } = build(new FrameGrid(1_000_000, 100))
    for (let i = 0; i < 10; i += 1) {
      const sample = memory.take(makeTick(i, 995_000 + i * 5000), [i])
      if (sample !== null) builder.push(sample)
    }
    // Reads complete 1.5 ms into a pass: at grid time 1.01 s the newest is that of the pass at 1.005 s.
    expect(rows.map((row) => [row.readUs, row.side[0], row.ticks])).toEqual([
      [996_500, 0, 0],
      [1_006_500, 2, 2],
      [1_016_500, 4, 2],
      [1_026_500, 6, 2],
      [1_036_500, 8, 2],
    ])
    for (const row of rows) expect(Number(row.action[0]) - Number(row.state[0])).toBeCloseTo(0.1, 9)
  })

  it('repeats the last goal where none was sent, and the pose before the first', () => {
    const memory = new TickMemory()
    const idle = { ...makeTick(0, 0), sent: null, requested: null }
    expect(memory.take(idle, [])?.sent).toEqual(idle.follower?.joints.map((j) => j.position))
    const sent = memory.take(makeTick(1, 5000), [])?.sent
    expect(memory.take({ ...makeTick(2, 10_000), sent: null, requested: null }, [])).toMatchObject({
      sent,
      requested: sent,
    })
  })

  it('marks rows whose reading failed or is the one of the row before', () => {
    const memory = new TickMemory()
    const { rows, builder } = build(new FrameGrid(0, 100))
    const push = (record: ReturnType<typeof makeTick>): void => {
      const sample = memory.take(record, [])
      if (sample !== null) builder.push(sample)
    }
    push(makeTick(0, -5000))
    const stuck = makeTick(1, 8000)
    const first = makeTick(0, -5000).follower
    push({ ...stuck, follower: first })
    push({ ...makeTick(2, 18_000), follower: first })
    expect(memory.take({ ...makeTick(3, 20_000), follower: null }, [])).toBeNull()
    builder.finish(3)
    expect(rows.map((row) => [row.readUs, row.isStale])).toEqual([
      [-3500, false],
      [-3500, true],
      [-3500, true],
    ])
  })

  it('keeps the last value of a side channel that falls silent', () => {
    const memory = new TickMemory()
    memory.take(makeTick(0, 0), [4, 5])
    expect(memory.take(makeTick(1, 5000), null)?.side).toEqual([4, 5])
  })
})
