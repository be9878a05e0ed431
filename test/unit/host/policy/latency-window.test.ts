import { describe, expect, it } from 'vitest'
import { LatencyWindow } from '#host/policy/latency-window.ts'

describe('inference times', () => {
  it('are nothing before the first, and again a minute after the last', () => {
    const window = new LatencyWindow()
    expect(window.summary(0)).toBeNull()
    window.add(0, 5)
    expect(window.summary(60e6)).toMatchObject({ count: 1, p50Ms: 5, p99Ms: 5, maxMs: 5 })
    expect(window.summary(60e6 + 1)).toBeNull()
  })

  it('give median, 99th percentile and maximum by nearest rank', () => {
    const window = new LatencyWindow()
    for (let ms = 200; ms >= 1; ms--) window.add(ms, ms)
    expect(window.summary(1000)).toMatchObject({ count: 200, p50Ms: 100, p99Ms: 198, maxMs: 200 })
  })
})
