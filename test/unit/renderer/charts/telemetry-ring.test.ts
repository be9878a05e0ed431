import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TelemetryBatch } from '#contract/services/drive.ts'
import { TelemetryRing } from '#renderer/charts/telemetry-ring.ts'

/** Ticks `from`…`from + count − 1`; joint j of tick i reads `i + j / 10`, offset per quantity. */
function batch(from: number, count: number, joints = 2): TelemetryBatch {
  const column = (offset: number): Float32Array<ArrayBuffer> =>
    Float32Array.from(
      { length: count * joints },
      (_, k) => offset + from + Math.floor(k / joints) + (k % joints) / 10,
    )
  return {
    joints,
    timeUs: Float64Array.from({ length: count }, (_, i) => (from + i) * 5000),
    mode: Array.from({ length: count }, () => 'teleop' as const),
    source: new Uint8Array(count).fill(1),
    leader: column(1000),
    follower: column(0),
    requested: column(2000),
    sent: column(3000),
  }
}

describe('TelemetryRing', () => {
  it('gives nothing before the first batch', () => {
    const ring = new TelemetryRing(8)
    expect(ring.length).toBe(0)
    expect(ring.newestUs()).toBeNull()
    expect(ring.latest('follower', 0)).toBeNaN()
  })

  it('keeps quantities and joints apart', () => {
    const ring = new TelemetryRing(8)
    ring.push(batch(0, 3))
    expect(ring.value('follower', 1, 1)).toBeCloseTo(1.1, 5)
    expect(ring.value('leader', 1, 0)).toBe(1001)
    expect(ring.value('requested', 2, 0)).toBe(2002)
    expect(ring.value('sent', 0, 0)).toBe(3000)
    expect(ring.latest('follower', 0)).toBe(2)
  })

  it('holds the newest ticks in order, however they were cut into batches', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }), (sizes) => {
        const ring = new TelemetryRing(16)
        let total = 0
        for (const size of sizes) {
          ring.push(batch(total, size))
          total += size
        }
        const kept = Math.min(total, 16)
        expect(ring.length).toBe(kept)
        for (let i = 0; i < kept; i += 1) {
          expect(ring.timeUs(i)).toBe((total - kept + i) * 5000)
          expect(ring.value('follower', i, 0)).toBe(total - kept + i)
        }
      }),
    )
  })

  it('begins anew when the number of joints changes', () => {
    const ring = new TelemetryRing(8)
    ring.push(batch(0, 4, 2))
    ring.push(batch(4, 2, 3))
    expect(ring.joints).toBe(3)
    expect(ring.length).toBe(2)
  })

  it('begins anew when time runs backwards, as after a restart of the rig host', () => {
    const ring = new TelemetryRing(8)
    ring.push(batch(100, 4))
    ring.push(batch(0, 2))
    expect(ring.length).toBe(2)
    expect(ring.newestUs()).toBe(5000)
  })

  it('passes gaps on as NaN', () => {
    const ring = new TelemetryRing(8)
    const gap = batch(0, 1)
    gap.leader.fill(Number.NaN)
    ring.push(gap)
    expect(ring.latest('leader', 0)).toBeNaN()
    expect(ring.latest('follower', 0)).toBe(0)
  })
})
