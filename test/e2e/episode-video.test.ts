import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHarness, type OpenHarness } from './harness/open-harness.ts'
import type { VideoPlace } from './harness/video.ts'

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'datasets', 'so101-h264')
/** Of LeRobot's own recording: three episodes in one file. */
const lengths = [32, 20, 41]

const order = (count: number): number[] => Array.from({ length: count }, (_, frame) => frame)
/** Every frame once, in a fixed order without a pattern. */
const shuffled = (count: number): number[] =>
  order(count).toSorted((a, b) => ((a * 7919) % 104_729) - ((b * 7919) % 104_729) || a - b)

describe('the video of an episode', () => {
  let harness: OpenHarness
  const place = (file: string, from: number, count: number): VideoPlace => ({
    file,
    fromSeconds: from / 30,
    toSeconds: (from + count) / 30,
  })

  beforeAll(async () => {
    harness = await openHarness({ fakeCameras: 0, files: { '/fixtures/': fixtures } })
    await harness.call('fetchFile', 'front.mp4', '/fixtures/front.mp4')
    await harness.call('makeFile', 'short.mp4', 120, 2)
    await harness.call('makeFile', 'long.mp4', 150, 1000)
    await harness.call('brokenFile', 'broken.mp4')
  })
  afterAll(() => harness[Symbol.asyncDispose]())

  it('shows the right picture for every row of a file that LeRobot wrote, in order and at random', async () => {
    let from = 0
    for (const [episode, count] of lengths.entries()) {
      const video = place('front.mp4', from, count)
      await harness.call('openVideo', video)
      for (const frames of [order(count), shuffled(count), order(count).toReversed()]) {
        const drawn = await harness.call('drawFrames', video, frames)
        for (const { frame, code } of drawn) expect(code).toEqual({ camera: 0, episode, frame })
      }
      from += count
    }
  })

  it('shows the right pictures of our own encoder’s files', async () => {
    const video = place('short.mp4', 0, 120)
    await harness.call('openVideo', video)
    const drawn = await harness.call('drawFrames', video, [...shuffled(120), ...order(120)])
    for (const { frame, code } of drawn) expect(code?.frame).toBe(frame)
  })

  it('finds its way in a file with a single key picture, forward, backward and at random', async () => {
    const video = place('long.mp4', 0, 150)
    await harness.call('openVideo', video)
    const frames = [...order(150), ...order(40).toReversed(), ...shuffled(150).slice(0, 20)]
    const drawn = await harness.call('drawFrames', video, frames)
    for (const { frame, code } of drawn) expect(code?.frame).toBe(frame)
  })

  it('ends on the last frame asked for when many are asked for at once', async () => {
    const video = place('short.mp4', 0, 120)
    const { areOk, code } = await harness.call('scrub', video, [3, 90, 17, 64, 5, 111])
    expect(areOk).toBe(true)
    expect(code.frame).toBe(111)
  })

  it('gives small first and last pictures', async () => {
    const video = place('short.mp4', 0, 120)
    expect(await harness.call('thumbnails', video, 80)).toEqual([
      [80, 60],
      [80, 60],
    ])
  })

  it('says which frame a damaged recording lacks', async () => {
    const video = place('short.mp4', 0, 200)
    await harness.call('openVideo', video)
    const drawn = await harness.call('drawFrames', video, [119, 120, 150, 3])
    expect(drawn.map(({ fault }) => fault)).toEqual([null, 'dataset/damaged', 'dataset/damaged', null])
  })

  it('names the codec that this browser lacks, and does not call the file damaged', async () => {
    await harness.call('fetchFile', 'foreign.mp4', '/fixtures/front.mp4')
    await harness.page.evaluate(() => {
      const ask = VideoDecoder.isConfigSupported.bind(VideoDecoder)
      VideoDecoder.isConfigSupported = async (config) => {
        VideoDecoder.isConfigSupported = ask
        return { ...(await ask(config)), supported: false }
      }
    })
    const foreign = place('foreign.mp4', 0, 32)
    await harness.call('openVideo', foreign)
    const [drawn] = await harness.call('drawFrames', foreign, [0])
    expect(drawn?.fault).toBe('dataset/unplayable')
  })

  it('is a fault for files that are not videos, are gone, or cannot be read now, and works again afterwards', async () => {
    const broken = place('broken.mp4', 0, 10)
    const gone = place('gone.mp4', 0, 10)
    await harness.call('openVideo', broken)
    await harness.call('openVideo', gone)
    expect((await harness.call('drawFrames', broken, [0]))[0]?.fault).toBe('dataset/damaged')
    expect((await harness.call('drawFrames', gone, [0]))[0]?.fault).not.toBeNull()
    await harness.call('makeFile', 'later.mp4', 30, 2)
    const later = place('later.mp4', 0, 30)
    await harness.call('openVideo', later)
    await harness.call('refuseReads', true)
    expect((await harness.call('drawFrames', later, [4]))[0]?.fault).toBe('dataset/io')
    await harness.call('refuseReads', false)
    expect((await harness.call('drawFrames', later, [4]))[0]?.code?.frame).toBe(4)
    expect(harness.errors).toEqual([])
  })
})
