import { describe, expect, it } from 'vitest'
import { plotted, sourceBands, thinned } from '#renderer/charts/history-samples.ts'
import { TelemetryRing } from '#renderer/charts/telemetry-ring.ts'

const tickUs = 5000

function filled(ticks: readonly { atUs: number; source: number }[]): TelemetryRing {
  const ring = new TelemetryRing(4000)
  const column = new Float32Array(ticks.length)
  ring.push({
    joints: 1,
    timeUs: Float64Array.from(ticks, (tick) => tick.atUs),
    mode: ticks.map(() => 'teleop' as const),
    source: Uint8Array.from(ticks, (tick) => tick.source),
    leader: column,
    follower: column,
    requested: column,
    sent: column,
  })
  return ring
}

const steady = (count: number, source = 1, fromUs = 0) =>
  Array.from({ length: count }, (_, i) => ({ atUs: fromUs + i * tickUs, source }))

describe('thinned', () => {
  it('chooses one tick per step within the window', () => {
    const ring = filled(steady(2000))
    const chosen = thinned(ring, 1_000_000, 40_000)
    expect(chosen.length).toBeGreaterThanOrEqual(25)
    expect(chosen.length).toBeLessThanOrEqual(27)
  })

  it('chooses the same ticks again while the window moves, so that lines do not shimmer', () => {
    const ring = filled(steady(1000))
    const before = thinned(ring, 2_000_000, 40_000).map((index) => ring.timeUs(index))
    ring.push({
      joints: 1,
      timeUs: Float64Array.of(1000 * tickUs),
      mode: ['teleop'],
      source: Uint8Array.of(1),
      leader: new Float32Array(1),
      follower: new Float32Array(1),
      requested: new Float32Array(1),
      sent: new Float32Array(1),
    })
    const after = thinned(ring, 2_000_000, 40_000).map((index) => ring.timeUs(index))
    const shared = after.filter((timeUs) => before.includes(timeUs))
    expect(shared.length).toBeGreaterThanOrEqual(before.length - 2)
  })

  it('gives nothing without data', () => {
    expect(thinned(new TelemetryRing(10), 1_000_000, 40_000)).toEqual([])
  })
})

describe('sourceBands', () => {
  it('draws one band per driver, touching where the driver changed', () => {
    const ring = filled([...steady(200, 1), ...steady(200, 2, 200 * tickUs)])
    const bands = sourceBands(ring, thinned(ring, 10_000_000, 40_000), 40_000)
    expect(bands.map((band) => band.source)).toEqual([1, 2])
    expect(bands[0]?.toUs).toBe(bands[1]?.fromUs)
  })

  it('leaves a hole where there was no data', () => {
    const ring = filled([...steady(100, 1), ...steady(100, 1, 3_000_000)])
    const bands = sourceBands(ring, thinned(ring, 10_000_000, 40_000), 40_000)
    expect(bands).toHaveLength(2)
    expect((bands[1]?.fromUs ?? 0) - (bands[0]?.toUs ?? 0)).toBeGreaterThan(2_000_000)
  })
})

describe('plotted', () => {
  it('plots what is not a number as a gap, never as zero', () => {
    expect(plotted(Number.NaN)).toBeNull()
    expect(plotted(0)).toBe(0)
  })
})
