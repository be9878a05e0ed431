import { describe, expect, it } from 'vitest'
import { FrameTimer } from '#renderer/capture/frame-time.ts'

const arrivalAt = (us: number) => ({ us, uncertaintyUs: 200 })

describe('FrameTimer', () => {
  it('believes stamps of the machine’s clock after ten pictures, and then they are exact', () => {
    const timer = new FrameTimer()
    const times = Array.from({ length: 12 }, (_, i) =>
      timer.time(1_000_000 + i * 33_333, arrivalAt(1_012_000 + i * 33_333)),
    )
    expect(times[8]).toEqual({ captureUs: 1_012_000 + 8 * 33_333, uncertaintyUs: 100_200 })
    expect(timer.clock).toBe('monotonic')
    expect(times[11]).toEqual({ captureUs: 1_000_000 + 11 * 33_333, uncertaintyUs: 0 })
  })

  it('never believes stamps that count from the camera’s start', () => {
    const timer = new FrameTimer()
    for (let i = 0; i < 100; i += 1) timer.time(i * 33_333, arrivalAt(9_000_000 + i * 33_333))
    expect(timer.clock).toBe('arrival')
  })

  it('never believes stamps from the future', () => {
    const timer = new FrameTimer()
    for (let i = 0; i < 100; i += 1) timer.time(1_005_000 + i * 33_333, arrivalAt(1_000_000 + i * 33_333))
    expect(timer.clock).toBe('arrival')
  })

  it('goes back to arrival times when the stamps jump', () => {
    const timer = new FrameTimer()
    for (let i = 0; i < 20; i += 1) timer.time(i * 33_333, arrivalAt(8000 + i * 33_333))
    expect(timer.clock).toBe('monotonic')
    expect(timer.time(99, arrivalAt(2_000_000)).captureUs).toBe(2_000_000)
    expect(timer.clock).toBe('arrival')
  })
})
