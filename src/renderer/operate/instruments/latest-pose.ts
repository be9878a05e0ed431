/** The newest pose of an arm from telemetry, or null when a joint is missing: half a pose is none. */
import type { JointVector } from '#core/arm/arm-profile.ts'
import type { TelemetryRing } from '../../charts/telemetry-ring.ts'

export function latestPose(ring: TelemetryRing, arm: 'follower' | 'leader'): JointVector | null {
  if (ring.length === 0) return null
  const pose = Array.from({ length: ring.joints }, (_, joint) => ring.latest(arm, joint))
  return pose.every(Number.isFinite) ? pose : null
}
