import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mp4Header, mp4TimeScale } from '#core/dataset/mp4-mux.ts'
import { findVideoProblem, readMp4 } from '#core/dataset/mp4-read.ts'
import { unwrap } from '#core/result.ts'
import { sourceConfig, sourceFile, sourceIndex, sourcePictures } from '#test/fixtures/datasets/h264-source.ts'

// From the fixture's README: PyAV's reading of LeRobot's own files.
const ptsSha256 = '22ffc8438a6a7af97b67806e9383b1386f928d415949f64cf4b8216cd4b558b6'
const dtsSha256 = '0f2163a4957e8a9e288babd60d4a09b2c7815f98c1868f1f6201717af35ba0e1'
const sha = (numbers: readonly number[]): string =>
  createHash('sha256').update(numbers.join(',')).digest('hex')

function mux(
  pictures: readonly { readonly data: Uint8Array; readonly isKey: boolean }[],
  fps = 30,
): Uint8Array {
  const header = mp4Header({
    fps,
    width: 160,
    height: 120,
    avcConfig: sourceConfig('front'),
    sampleSizes: pictures.map((p) => p.data.length),
    isKey: pictures.map((p) => p.isKey),
  })
  return new Uint8Array(Buffer.concat([header, ...pictures.map((p) => p.data)]))
}

describe('mp4 reader', () => {
  it("reads LeRobot's own files as PyAV does", () => {
    const index = sourceIndex('front')
    expect(index).toMatchObject({
      timeScale: 15360,
      durationTicks: 47616,
      width: 160,
      height: 120,
      codec: 'avc1',
    })
    expect(sha(index.samples.map((s) => s.pts))).toBe(ptsSha256)
    expect(sha(index.samples.map((s) => s.dts))).toBe(dtsSha256)
    expect(index.samples.map((s) => (s.isKey ? 'K' : '.')).join('')).toBe(`${'K.'.repeat(46)}K`)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['text', new Uint8Array(Buffer.from('hello, this is no video at all'))],
    ['a file that was cut off', sourceFile('front').subarray(0, 200)],
  ])('says that %s is no video', (_what, bytes) => {
    expect(readMp4(bytes)).toMatchObject({ ok: false, error: { code: 'dataset/damaged' } })
  })

  it('survives any damage of the header', () => {
    const file = sourceFile('front')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 1500 }), fc.nat({ max: 255 })), { maxLength: 5 }),
        (changes) => {
          const broken = file.slice(0, 3000)
          for (const [at, value] of changes) broken[at] = value
          expect(typeof readMp4(broken).ok).toBe('boolean')
        },
      ),
    )
  })
})

describe('mp4 writer', () => {
  const pictures = [0, 1, 2].flatMap((episode) => sourcePictures('front', episode))

  it("gives every picture the decode and presentation time of LeRobot's own files", () => {
    const index = unwrap(readMp4(mux(pictures)))
    expect(index).toMatchObject({ timeScale: 15360, durationTicks: 47616, width: 160, height: 120 })
    expect(sha(index.samples.map((s) => s.pts))).toBe(ptsSha256)
    expect(sha(index.samples.map((s) => s.dts))).toBe(dtsSha256)
    expect(index.avcConfig).toEqual(sourceConfig('front'))
  })

  it('points at every sample, keys marked', () => {
    const file = mux(pictures)
    const { samples } = unwrap(readMp4(file))
    for (const [i, { offset, size, isKey }] of samples.entries()) {
      expect(file.subarray(offset, offset + size)).toEqual(pictures[i]?.data)
      expect(isKey).toBe(pictures[i]?.isKey)
    }
  })

  it('delays decoding by one frame in a file of one picture too', () => {
    const index = unwrap(readMp4(mux(pictures.slice(0, 1))))
    expect(index.samples).toMatchObject([{ pts: 0, dts: -512, isKey: true }])
    expect(findVideoProblem(index, 1, 30)).toBeNull()
  })

  it("uses FFmpeg's time scale", () => {
    expect([10, 15, 20, 25, 30, 50, 60].map(mp4TimeScale)).toEqual([
      10240, 15360, 10240, 12800, 15360, 12800, 15360,
    ])
  })

  it('shows picture k at k / fps whatever the rate and the sizes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 12 }),
        (sampleSizes, fps, interval) => {
          const isKey = sampleSizes.map((_, i) => i % interval === 0)
          const header = mp4Header({
            fps,
            width: 64,
            height: 48,
            avcConfig: sourceConfig('front'),
            sampleSizes,
            isKey,
          })
          const index = unwrap(readMp4(header.subarray(0, header.length - 8)))
          expect(findVideoProblem(index, sampleSizes.length, fps)).toBeNull()
          expect(index.samples[0]?.offset).toBe(header.length)
        },
      ),
    )
  })

  it('writes takes of any length', () => {
    const sampleSizes = Array.from({ length: 18_000 }, (_, i) => 1 + (i % 700))
    const isKey = sampleSizes.map((_, i) => i % 2 === 0)
    const header = mp4Header({
      fps: 30,
      width: 64,
      height: 48,
      avcConfig: sourceConfig('front'),
      sampleSizes,
      isKey,
    })
    const index = unwrap(readMp4(header.subarray(0, header.length - 8)))
    expect(findVideoProblem(index, 18_000, 30)).toBeNull()
    expect(index.samples.map((s) => s.size)).toEqual(sampleSizes)
  })

  it('writes 64-bit sizes and offsets when the pictures need them', () => {
    const sampleSizes = [2e9, 2e9, 2e9]
    const header = mp4Header({
      fps: 30,
      width: 64,
      height: 48,
      avcConfig: sourceConfig('front'),
      sampleSizes,
      isKey: [true, false, false],
    })
    const index = unwrap(readMp4(header.subarray(0, header.length - 16)))
    expect(index.samples.map((s) => s.offset)).toEqual([
      header.length,
      header.length + 2e9,
      header.length + 4e9,
    ])
  })

  it('refuses a video that does not begin on a key frame', () => {
    const track = { fps: 30, width: 64, height: 48, avcConfig: sourceConfig('front') }
    expect(() => mp4Header({ ...track, sampleSizes: [1], isKey: [false] })).toThrow(RangeError)
    expect(() => mp4Header({ ...track, sampleSizes: [], isKey: [] })).toThrow(RangeError)
  })
})

describe('video check', () => {
  const index = unwrap(readMp4(mux(sourcePictures('front', 1))))
  const shifted = { ...index, samples: index.samples.map((s, i) => (i === 3 ? { ...s, pts: s.pts + 1 } : s)) }
  const [head, ...rest] = index.samples

  it.each([
    ['a missing picture', index, 21, 30],
    ['another rate', index, 20, 7],
    ['a wrong duration', { ...index, durationTicks: 1 }, 20, 30],
    ['a picture at the wrong time', shifted, 20, 30],
    [
      'no key frame at the start',
      { ...index, samples: head === undefined ? [] : [{ ...head, isKey: false }, ...rest] },
      20,
      30,
    ],
  ])('finds %s', (_what, video, frames, fps) => {
    expect(findVideoProblem(video, frames, fps)).not.toBeNull()
  })
})
