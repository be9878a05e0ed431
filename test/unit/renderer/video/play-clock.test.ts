import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PlayClock } from '#renderer/video/play-clock.ts'

describe('PlayClock', () => {
  it('plays at the recorded rate without drift', () => {
    const clock = new PlayClock(10_000, 30)
    clock.play(0)
    expect(clock.state(33).frame).toBe(0)
    expect(clock.state(34).frame).toBe(1)
    for (let ms = 0; ms <= 100_000; ms += 7) clock.state(ms)
    expect(clock.state(100_000).frame).toBe(3000)
  })

  it('stops at the last frame, and begins again from there', () => {
    const clock = new PlayClock(30, 30)
    clock.play(0)
    expect(clock.state(5000)).toMatchObject({ frame: 29, isPlaying: false })
    clock.play(6000)
    expect(clock.state(6000)).toMatchObject({ frame: 0, isPlaying: true })
  })

  it('goes round when looping', () => {
    const clock = new PlayClock(30, 30)
    clock.setLooping(true)
    clock.play(0)
    expect(clock.state(1500)).toMatchObject({ frame: 15, isPlaying: true })
  })

  it('keeps its frame through pauses and changes of rate', () => {
    const clock = new PlayClock(1000, 30)
    clock.play(0)
    clock.setRate(2, 1000)
    expect(clock.state(2000).frame).toBe(90)
    clock.pause(2000)
    expect(clock.state(9000).frame).toBe(90)
    clock.setRate(0.5, 9000)
    clock.play(9000)
    expect(clock.state(10_000).frame).toBe(105)
  })

  it('never leaves the episode, whatever is asked', () => {
    const acts = fc.array(
      fc.record({
        act: fc.constantFrom('play', 'pause', 'seek', 'rate', 'loop'),
        value: fc.integer({ min: -50, max: 300 }),
        waitMs: fc.integer({ min: 0, max: 5000 }),
      }),
    )
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 200 }), (sequence, frames) => {
        const clock = new PlayClock(frames, 30)
        let nowMs = 0
        for (const { act, value, waitMs } of sequence) {
          nowMs += waitMs
          if (act === 'play') clock.play(nowMs)
          else if (act === 'pause') clock.pause(nowMs)
          else if (act === 'seek') clock.seek(value, nowMs)
          else if (act === 'rate') clock.setRate(value, nowMs)
          else clock.setLooping(value > 0)
          const { frame, rate } = clock.state(nowMs)
          expect(Number.isInteger(frame) && frame >= 0 && frame < frames).toBe(true)
          expect(rate).toBeGreaterThanOrEqual(0.25)
          expect(rate).toBeLessThanOrEqual(4)
        }
      }),
    )
  })
})
