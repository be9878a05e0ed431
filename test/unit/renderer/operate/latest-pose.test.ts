import { describe, expect, it } from 'vitest'
import { TelemetryRing } from '#renderer/charts/telemetry-ring.ts'
import { latestPose } from '#renderer/operate/instruments/latest-pose.ts'

const ringWith = (follower: readonly number[], leader: readonly number[]): TelemetryRing => {
  const ring = new TelemetryRing(4)
  ring.push({
    joints: 2,
    timeUs: Float64Array.of(1),
    mode: ['teleop'],
    source: Uint8Array.of(1),
    leader: Float32Array.from(leader),
    follower: Float32Array.from(follower),
    requested: new Float32Array(2),
    sent: new Float32Array(2),
  })
  return ring
}

describe('latestPose', () => {
  it('is the newest pose of that arm', () => {
    const ring = ringWith([0.5, 0.25], [1, 2])
    expect(latestPose(ring, 'follower')).toEqual([0.5, 0.25])
    expect(latestPose(ring, 'leader')).toEqual([1, 2])
  })

  it('is nothing when a joint is missing, or before any telemetry', () => {
    expect(latestPose(ringWith([0.5, Number.NaN], [1, 2]), 'follower')).toBeNull()
    expect(latestPose(new TelemetryRing(4), 'follower')).toBeNull()
  })
})
