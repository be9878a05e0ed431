import { describe, expect, it } from 'vitest'
import { ChunkLatency } from '#core/control/chunk-latency.ts'

describe('the delay of chunks', () => {
  it('is unknown until a second one has come: the first, a warm-up, does not count', () => {
    const latency = new ChunkLatency()
    expect(latency.quantileUs(0.95)).toBeNull()
    latency.add(9_000_000)
    expect(latency.quantileUs(0.95)).toBeNull()
    latency.add(5000)
    expect(latency.quantileUs(0.95)).toBe(5000)
  })

  it('is the nearest rank over the last 32', () => {
    const latency = new ChunkLatency()
    latency.add(1)
    for (let value = 1; value <= 100; value++) latency.add(value)
    expect(latency.quantileUs(0)).toBe(69)
    expect(latency.quantileUs(0.5)).toBe(84)
    expect(latency.quantileUs(0.95)).toBe(99)
    expect(latency.quantileUs(1)).toBe(100)
  })
})
