import { describe, expect, it } from 'vitest'
import { framePairs, type CameraFrames } from '#cli/policy/episode-frames.ts'

/** Pictures of one pixel that hold their number; `ended` is told when the reader lets go. */
async function* camera(count: number, offset: number, ended: string[]): CameraFrames {
  try {
    for (let frame = 0; frame < count; frame++)
      yield { width: 1, height: 1, data: Uint8Array.of(frame + offset, 0, 0) }
  } finally {
    ended.push(`${offset}`)
  }
}

describe('pictures of several cameras in step', () => {
  it('come with what was seen some frames ago, or the oldest there is', async () => {
    const ended: string[] = []
    const seen: number[][] = []
    const cameras = { a: camera(6, 0, ended), b: camera(6, 100, ended) }
    for await (const { frame, present, past } of framePairs(cameras, 6, 3)) {
      const of = (pictures: typeof present, name: string) => pictures[name]?.data[0] ?? -1
      seen.push([frame, of(present, 'a'), of(past, 'a'), of(present, 'b'), of(past, 'b')])
    }
    expect(seen).toEqual([
      [0, 0, 0, 100, 100],
      [1, 1, 0, 101, 100],
      [2, 2, 0, 102, 100],
      [3, 3, 0, 103, 100],
      [4, 4, 1, 104, 101],
      [5, 5, 2, 105, 102],
    ])
    expect(ended).toEqual(['0', '100'])
  })

  it('are let go of when nobody wants more', async () => {
    const ended: string[] = []
    for await (const { frame } of framePairs({ a: camera(9, 0, ended) }, 9, 0)) if (frame === 2) break
    expect(ended).toEqual(['0'])
  })

  it('are a fault when a video ends too early', async () => {
    const read = async () => {
      for await (const _ of framePairs({ a: camera(2, 0, []) }, 3, 0));
    }
    await expect(read()).rejects.toMatchObject({ fault: { code: 'dataset/damaged', data: { frame: 2 } } })
  })
})
