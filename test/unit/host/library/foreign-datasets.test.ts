/** Datasets that LeRobot wrote, read as LeRobot's own loader reads them. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import { fingerprint } from '#test/fixtures/datasets/temp-dataset.ts'

interface Expectation {
  readonly tasks: string[]
  readonly episodes: {
    readonly length: number
    readonly from_index: number
    readonly to_index: number
    readonly tasks: string[]
    readonly videos: Record<
      string,
      { readonly file: string; readonly from_timestamp: number; readonly to_timestamp: number }
    >
  }[]
  /** Column → global row → value. */
  readonly rows: Record<string, Record<string, number | number[]>>
}

const fixtures = fileURLToPath(new URL('../../../fixtures/datasets/lerobot', import.meta.url))

/** A copy that can be written, with empty files where the videos would be. */
class Copy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'foresight-foreign-'))
  readonly root: string
  readonly expected: Expectation

  constructor(name: string) {
    this.root = join(this.folder, 'datasets', name)
    cpSync(join(fixtures, name), this.root, { recursive: true })
    this.expected = JSON.parse(readFileSync(join(this.root, 'expect.json'), 'utf8')) as Expectation
    for (const { videos } of this.expected.episodes) {
      for (const { file } of Object.values(videos)) {
        mkdirSync(dirname(join(this.root, file)), { recursive: true })
        writeFileSync(join(this.root, file), '')
      }
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const names = ['so101-h264-044', 'v21-so101-converted', 'many-files']

describe('datasets of other programs', () => {
  it.each(names)('%s: tasks, episodes and where their pictures are', async (name) => {
    using copy = new Copy(name)
    const store = new DatasetStore(copy.folder)
    const summary = unwrap(await store.open(copy.root))
    expect(summary).toMatchObject({
      tasks: copy.expected.tasks,
      episodes: copy.expected.episodes.length,
      cameras: ['front', 'wrist'],
    })
    const episodes = unwrap(await store.episodes(copy.root))
    expect(episodes.map((e) => [e.frames, e.tasks.toSorted()])).toEqual(
      copy.expected.episodes.map((e) => [e.length, e.tasks]),
    )
    for (const [i, { videos }] of copy.expected.episodes.entries()) {
      const detail = unwrap(await store.episode(copy.root, i))
      expect(detail.videos.map((v) => [v.file, v.fromSeconds, v.toSeconds])).toEqual(
        Object.values(videos).map((v) => [v.file, v.from_timestamp, v.to_timestamp]),
      )
    }
  })

  it('opens an episode whose videos are not there: its rows are, and each camera says what is missing', async () => {
    using copy = new Copy('many-files')
    const store = new DatasetStore(copy.folder)
    unwrap(await store.open(copy.root))
    rmSync(join(copy.root, 'videos'), { recursive: true })
    const { videos, columns } = unwrap(await store.episode(copy.root, 0))
    expect(videos.map(({ camera, sizeBytes }) => [camera, sizeBytes])).toEqual([
      ['front', null],
      ['wrist', null],
    ])
    expect(columns.length).toBeGreaterThan(2)
  })

  it.each(names)('%s: the first and last row of every episode', async (name) => {
    using copy = new Copy(name)
    const store = new DatasetStore(copy.folder)
    unwrap(await store.open(copy.root))
    for (const [i, { length, from_index: from }] of copy.expected.episodes.entries()) {
      const { columns } = unwrap(await store.episode(copy.root, i))
      expect(columns.map((c) => c.name).sort()).toEqual(Object.keys(copy.expected.rows).sort())
      for (const { name: column, width, values } of columns) {
        for (const frame of [0, length - 1]) {
          const expected = [copy.expected.rows[column]?.[from + frame] ?? Number.NaN].flat()
          expect(Array.from(values.subarray(frame * width, (frame + 1) * width))).toEqual(expected)
        }
      }
    }
  })

  it('are not changed by reading, and answer why their episodes cannot be edited here', async () => {
    using copy = new Copy('many-files')
    const before = fingerprint(copy.root)
    const store = new DatasetStore(copy.folder)
    expect(await store.open(copy.root)).toMatchObject({
      ok: true,
      value: { readOnly: { code: 'control/not-allowed' } },
    })
    expect(fingerprint(copy.root)).toEqual(before)
    expect(await store.deleteEpisode(copy.root, 0)).toMatchObject({
      ok: false,
      error: { code: 'control/not-allowed' },
    })
    expect(await store.setOutcome(copy.root, 0, 'success')).toMatchObject({
      ok: false,
      error: { code: 'control/not-allowed' },
    })
    expect(fingerprint(copy.root)).toEqual(before)
  })
})
