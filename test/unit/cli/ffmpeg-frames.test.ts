import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ffmpegArguments, ffmpegPath, readFrames } from '#cli/video/ffmpeg-frames.ts'
import { framesOf } from '#cli/video/run-ffmpeg.ts'
import { FaultError } from '#core/result.ts'

const range = { path: '/a b/file-000.mp4', fromS: 2, toS: 4, fps: 30, width: 4, height: 2 }

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

describe('pictures of an episode through ffmpeg', () => {
  it('asks for every picture from the first to the last, without adding or losing one to rounded times', () => {
    const args = ffmpegArguments(range)
    expect(args).toContain('/a b/file-000.mp4')
    expect(args).toContain("select='gte(t,1.983333)*lt(t,3.983333)'")
    expect(args.slice(args.indexOf('-ss'))[1]).toBe('1.983333')
  })

  it('never seeks before the file begins', () => {
    const args = ffmpegArguments({ ...range, fromS: 0 })
    expect(args.slice(args.indexOf('-ss'))[1]).toBe('0.000000')
  })

  it('takes the decoder that the environment names', () => {
    expect(ffmpegPath({})).toBe('ffmpeg')
    expect(ffmpegPath({ FORESIGHT_FFMPEG: '/opt/ffmpeg' })).toBe('/opt/ffmpeg')
  })

  it('cuts the stream into whole pictures however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 8 }),
        async (count, sizes) => {
          const bytes = Uint8Array.from({ length: count * 24 }, (_, index) => index % 251)
          const frames = []
          for await (const frame of framesOf(inPieces(bytes, sizes), range)) frames.push(frame)
          expect(frames).toHaveLength(count)
          expect(frames.flatMap(({ data }) => [...data])).toEqual([...bytes])
        },
      ),
    )
  })

  it('says what to do when there is no decoder', async () => {
    const frames = readFrames(range, '/nowhere/ffmpeg')
    const fault = await frames.next().catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(FaultError)
    expect(fault).toMatchObject({ fault: { code: 'dataset/no-decoder' } })
    expect(String(fault)).toContain('install ffmpeg')
  })
})
