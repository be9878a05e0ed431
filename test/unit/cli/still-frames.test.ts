/** Pictures in the rows of a dataset that LeRobot wrote, as `policy run` sees them. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readEpisodeRecording } from '#cli/policy/episode-recording.ts'
import { ffmpegPath } from '#cli/video/ffmpeg-frames.ts'
import { readStills, type StillRange } from '#cli/video/still-frames.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { FaultError, unwrap } from '#core/result.ts'

const root = fileURLToPath(new URL('../../fixtures/datasets/lerobot/bimanual-images', import.meta.url))
const expected = JSON.parse(readFileSync(join(root, 'expect.json'), 'utf8')) as {
  readonly episodes: readonly { readonly length: number; readonly from_index: number }[]
  readonly cameras: Record<string, readonly { readonly index: number; readonly rgb_sha256: string }[]>
}
const decoder = ffmpegPath(process.env)
const hasDecoder = spawnSync(decoder, ['-version']).status === 0
/** A policy that reads pictures only. */
const contract = { state: [], action: [], cameras: [] } as unknown as PolicyContract

const stillsOf = async (episode: number): Promise<Record<string, StillRange>> => {
  const { cameras } = unwrap(await readEpisodeRecording(root, episode, contract, {}))
  return Object.fromEntries(
    Object.entries(cameras).flatMap(([name, range]) => ('pictures' in range ? [[name, range]] : [])),
  )
}

async function* bytes(...files: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* files
}

describe('pictures that lie in the rows', () => {
  it.skipIf(!hasDecoder)('are the ones LeRobot reads, in order (needs ffmpeg)', async () => {
    for (const [episode, { length, from_index: from }] of expected.episodes.entries()) {
      const cameras = await stillsOf(episode)
      expect(Object.keys(cameras)).toEqual(['left_wrist', 'right_wrist', 'top'])
      for (const [name, range] of Object.entries(cameras)) {
        const hashes: string[] = []
        for await (const { width, height, data } of readStills(range, decoder)) {
          expect([width, height]).toEqual([64, 48])
          hashes.push(createHash('sha256').update(data).digest('hex'))
        }
        expect(hashes).toHaveLength(length)
        for (const { index, rgb_sha256: hash } of expected.cameras[`observation.images.${name}`] ?? [])
          if (index >= from && index < from + length) expect(hashes[index - from]).toBe(hash)
      }
    }
  })

  it.skipIf(!hasDecoder)('are let go of when nobody wants more (needs ffmpeg)', async () => {
    const range = (await stillsOf(0))['top']
    if (range === undefined) throw new Error('no camera')
    const frames = readStills(range, decoder)
    expect((await frames.next()).done).toBe(false)
    expect(await frames.return()).toMatchObject({ done: true })
  })

  it('say so when they are no pictures, when one is damaged, or when there is no decoder', async () => {
    const size = { path: 'top', width: 4, height: 4 }
    const faultOf = async (pictures: StillRange['pictures'], program: string): Promise<unknown> =>
      readStills({ ...size, pictures }, program)
        .next()
        .catch((error: unknown) => error)
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3)
    const missing = new FaultError({ code: 'dataset/not-found', message: 'row 0 holds no picture' })
    expect(await faultOf(() => bytes(Uint8Array.of(1, 2)), decoder)).toMatchObject({
      fault: { code: 'dataset/unplayable' },
    })
    expect(await faultOf(() => bytes(png), '/nowhere/ffmpeg')).toMatchObject({
      fault: { code: 'dataset/no-decoder' },
    })
    expect(await faultOf(() => failing(missing), decoder)).toBe(missing)
  })
})

async function* failing(error: Error): AsyncGenerator<Uint8Array, void, undefined> {
  if (error.message !== '') throw error
  yield new Uint8Array()
}
