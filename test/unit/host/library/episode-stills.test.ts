/** Pictures in the rows of a dataset that LeRobot wrote, byte by byte. */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '#core/result.ts'
import { DatasetStore } from '#host/library/dataset-store.ts'
import { decodePng } from '#test/fixtures/decode-png.ts'

const fixture = fileURLToPath(new URL('../../../fixtures/datasets/lerobot/bimanual-images', import.meta.url))
const expected = JSON.parse(readFileSync(join(fixture, 'expect.json'), 'utf8')) as {
  readonly episodes: readonly { readonly length: number; readonly from_index: number }[]
  readonly cameras: Record<string, readonly { readonly index: number; readonly rgb_sha256: string }[]>
}

let folder: string
let store: DatasetStore
let root: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresight-stills-'))
  root = join(folder, 'datasets', 'bimanual')
  cpSync(fixture, root, { recursive: true })
  store = new DatasetStore(folder)
  unwrap(await store.open(root))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('pictures that lie in the rows', () => {
  it('are cameras of the episode, as many pictures as it has frames', async () => {
    const { stills, videos } = unwrap(await store.episode(root, 1))
    expect(videos).toEqual([])
    expect(stills).toEqual(['left_wrist', 'right_wrist', 'top'].map((camera) => ({ camera, frames: 9 })))
  })

  it.each(Object.entries(expected.cameras))(
    '%s: each is the one LeRobot reads for that row',
    async (key, pictures) => {
      for (const { index, rgb_sha256: hash } of pictures) {
        const episode = expected.episodes.findLastIndex(({ from_index: from }) => from <= index)
        const frame = index - (expected.episodes[episode]?.from_index ?? 0)
        const camera = key.replace('observation.images.', '')
        const { width, height, rgb } = decodePng(
          unwrap(await store.readPicture(root, episode, camera, frame)),
        )
        expect([width, height]).toEqual([64, 48])
        expect(createHash('sha256').update(rgb).digest('hex')).toBe(hash)
      }
    },
  )

  it.each([
    ['a frame past the end', 0, 'top', 14],
    ['a camera that is not there', 0, 'front', 0],
    ['an episode that is not there', 3, 'top', 0],
  ])('are refused for %s', async (_, episode, camera, frame) => {
    expect(await store.readPicture(root, episode, camera, frame)).toMatchObject({
      ok: false,
      error: { code: 'dataset/not-found' },
    })
  })
})
