import { describe, expect, it } from 'vitest'
import { CameraTrack } from '#renderer/capture/camera-track.ts'

/** Counts how many pictures are open, as a real VideoFrame's memory would. */
class FakeFrame {
  static open = 0
  constructor() {
    FakeFrame.open += 1
  }
  clone(): FakeFrame {
    return new FakeFrame()
  }
  close(): void {
    FakeFrame.open -= 1
  }
}

const picture = (captureUs: number, uncertaintyUs = 0) => ({
  frame: new FakeFrame() as unknown as VideoFrame,
  captureUs,
  uncertaintyUs,
})

describe('CameraTrack', () => {
  it('measures rate and age of what came', () => {
    using track = new CameraTrack('front')
    for (let i = 0; i < 60; i += 1) track.push(picture(i * 33_333), i * 33_333 + 20_000)
    const stats = track.stats(60 * 33_333, true, null)
    expect(stats).toMatchObject({ status: 'live', fault: null, take: null })
    expect(stats.fps).toBeCloseTo(30, 1)
    expect(stats.ageMs).toBeCloseTo(20, 3)
  })

  it('shows no age when the capture time is not known', () => {
    using track = new CameraTrack('front')
    track.push(picture(0, 100_000), 0)
    expect(track.stats(0, true, null).ageMs).toBeNull()
  })

  it('is waiting before the first picture, stalled when they stop, and not stalled when nobody asked for any', () => {
    using track = new CameraTrack('front')
    expect(track.stats(0, true, null).status).toBe('waiting')
    track.push(picture(0), 0)
    expect(track.stats(500_000, true, null).status).toBe('live')
    expect(track.stats(700_000, true, null).status).toBe('stalled')
    expect(track.stats(700_000, false, null).status).toBe('live')
  })

  it('keeps its fault until the next picture', () => {
    using track = new CameraTrack('front')
    track.fail({ code: 'capture/lost', message: 'gone' })
    expect(track.stats(0, true, null)).toMatchObject({ status: 'fault', fault: { code: 'capture/lost' } })
    track.push(picture(0), 0)
    expect(track.stats(0, true, null).fault).toBeNull()
  })

  it('keeps a quarter second of pictures and leaks none', () => {
    FakeFrame.open = 0
    const track = new CameraTrack('front')
    for (let i = 0; i < 100; i += 1) track.push(picture(i * 33_333), i * 33_333)
    expect(FakeFrame.open).toBeLessThanOrEqual(9)
    const copies = track.copies()
    expect(copies.at(0)?.captureUs).toBeGreaterThanOrEqual(99 * 33_333 - 250_000)
    for (const copy of copies) copy.frame.close()
    track[Symbol.dispose]()
    expect(FakeFrame.open).toBe(0)
  })
})
