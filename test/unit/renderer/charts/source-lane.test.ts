import { describe, expect, it } from 'vitest'
import type { TelemetryBatch } from '#contract/services/drive.ts'
import { SourceLane } from '#renderer/charts/source-lane.ts'

const batch = (fromMs: number, toMs: number, source: number): TelemetryBatch => {
  const count = (toMs - fromMs) / 10
  const empty = new Float32Array(0)
  return {
    joints: 0,
    timeUs: Float64Array.from({ length: count }, (_, i) => (fromMs + i * 10) * 1000),
    mode: [],
    source: new Uint8Array(count).fill(source),
    leader: empty,
    follower: empty,
    requested: empty,
    sent: empty,
  }
}

describe('SourceLane', () => {
  it('merges batches of one driver and splits where the driver changes', () => {
    const lane = new SourceLane()
    lane.push(batch(0, 400, 1))
    lane.push(batch(400, 600, 1))
    lane.push(batch(600, 1000, 2))
    const segments = lane.segments(0, 1_000_000)
    expect(segments.map((segment) => segment.source)).toEqual([1, 2])
    expect(segments[0]?.from).toBe(0)
    expect(segments[0]?.to).toBeCloseTo(0.6, 5)
    expect(segments[1]?.to).toBeCloseTo(0.99, 5)
  })

  it('leaves empty what this page did not see', () => {
    const lane = new SourceLane()
    lane.push(batch(5000, 6000, 1))
    lane.push(batch(8000, 9000, 1))
    const segments = lane.segments(0, 10_000_000)
    expect(segments).toHaveLength(2)
    expect(segments[0]?.from).toBeCloseTo(0.5, 5)
    expect(segments[1]?.from).toBeCloseTo(0.8, 5)
  })

  it('cuts at the edges of the take', () => {
    const lane = new SourceLane()
    lane.push(batch(0, 2000, 1))
    expect(lane.segments(500_000, 1_000_000)).toEqual([{ source: 1, from: 0, to: 1 }])
    expect(lane.segments(5_000_000, 6_000_000)).toEqual([])
    expect(lane.segments(1, 1)).toEqual([])
  })

  it('begins anew when time runs backwards', () => {
    const lane = new SourceLane()
    lane.push(batch(5000, 6000, 1))
    lane.push(batch(0, 100, 2))
    expect(lane.segments(0, 10_000_000).map((segment) => segment.source)).toEqual([2])
  })
})
