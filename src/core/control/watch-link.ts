/** Rules about what arrives: the follower's bus and servos, the leader, the page that drives. */
import type { JointVector } from '../arm/arm-profile.ts'
import type { ArmReading } from '../arm/arm-reading.ts'
import type { FaultCode } from '../errors.ts'
import type { WatchLimits } from './watch-limits.ts'
import {
  isDriving,
  sendsGoals,
  type ArmLink,
  type Reaction,
  type RuleName,
  type WatchRule,
} from './watch-types.ts'

const reaction = (
  kind: Reaction['kind'],
  rule: RuleName,
  code: FaultCode,
  message: string,
  data: Readonly<Record<string, unknown>>,
  joints: readonly number[] = [],
): Reaction => ({ kind, rule, cause: { code, message, data }, isBlocking: true, joints })

/** The pose an arm last reported, or null while it has none that is valid. */
export function poseOf(link: ArmLink | null): JointVector | null {
  const joints = link?.reading?.joints
  return joints?.every((joint) => Number.isFinite(joint.position))
    ? joints.map((joint) => joint.position)
    : null
}

/** Joints not heard for longer than `limitUs` although the loop listened, and the longest silence. */
export function silentJoints(
  reading: ArmReading,
  heardFor: (timeUs: number) => number,
  limitUs: number,
): { readonly joints: readonly number[]; readonly worstUs: number } {
  const joints: number[] = []
  let worstUs = 0
  for (const [index, joint] of reading.joints.entries()) {
    const silentUs = heardFor(joint.readUs)
    if (silentUs <= limitUs) continue
    joints.push(index)
    worstUs = Math.max(worstUs, silentUs)
  }
  return { joints, worstUs }
}

const namesOf = (link: ArmLink, joints: readonly number[]): readonly string[] =>
  joints.map((index) => link.profile.joints[index]?.name ?? String(index))

const lossyJoints = (link: ArmLink, limit: number): readonly number[] =>
  link.lostFraction.flatMap((fraction, index) => (fraction > limit ? [index] : []))

/** Bus gone: nothing can be sent, torque cannot be changed. */
export const busGone = (): WatchRule => (input) =>
  sendsGoals(input.mode) && input.follower.connection === 'gone'
    ? reaction('fault', 'busGone', 'bus/closed', 'The follower’s bus is gone; torque cannot be changed', {
        arm: 'follower',
      })
    : null

/** A servo silent > 50 ms stops the arm; silent for 0.5 s is a fault. */
export const servoSilent =
  (limits: WatchLimits): WatchRule =>
  ({ follower, heardFor, mode }) => {
    if (follower.connection !== 'connected' || !follower.reading) return null
    const { joints, worstUs } = silentJoints(follower.reading, heardFor, limits.servoSilentUs)
    if (joints.length === 0) return null
    const data = { arm: 'follower', joints: namesOf(follower, joints), silentMs: Math.round(worstUs / 1000) }
    const kind = !sendsGoals(mode) ? 'warn' : worstUs >= limits.servoFaultUs ? 'fault' : 'slowStop'
    return reaction(kind, 'servoSilent', 'control/servo-silent', 'Servos do not answer', data, joints)
  }

/** More than a fifth of the packets of a servo lost over the last second. */
export const packetsLost =
  (limits: WatchLimits): WatchRule =>
  ({ follower, mode }) => {
    if (follower.connection !== 'connected') return null
    const joints = lossyJoints(follower, limits.lostFraction)
    if (joints.length === 0) return null
    const lost = Math.max(...joints.map((index) => follower.lostFraction[index] ?? 0))
    const data = { arm: 'follower', joints: namesOf(follower, joints), lostPercent: Math.round(lost * 100) }
    const kind = sendsGoals(mode) ? 'slowStop' : 'warn'
    return reaction(
      kind,
      'packetsLost',
      'control/packets-lost',
      'The follower’s bus loses packets',
      data,
      joints,
    )
  }

/** Why the leader cannot be followed now, or null. */
export function leaderTrouble(
  link: ArmLink | null,
  heardFor: (timeUs: number) => number,
  limits: WatchLimits,
): Reaction['cause'] | null {
  const data = { arm: 'leader' }
  if (!link) return { code: 'control/leader-lost', message: 'This rig has no leader', data }
  if (link.connection !== 'connected' || !link.reading) {
    return { code: 'control/leader-lost', message: 'The leader is not connected', data }
  }
  if (link.reading.joints.some((joint) => !Number.isFinite(joint.position))) {
    return { code: 'control/leader-lost', message: 'The leader reports no valid pose', data }
  }
  const { joints, worstUs } = silentJoints(link.reading, heardFor, limits.leaderStaleUs)
  if (joints.length > 0) {
    const silent = { ...data, joints: namesOf(link, joints), silentMs: Math.round(worstUs / 1000) }
    return { code: 'control/leader-lost', message: 'The leader does not answer', data: silent }
  }
  const lossy = lossyJoints(link, limits.lostFraction)
  if (lossy.length === 0) return null
  return {
    code: 'control/packets-lost',
    message: 'The leader’s bus loses packets',
    data: { ...data, joints: namesOf(link, lossy) },
  }
}

/** The leader gone or stale > 100 ms: stops a hand-driven arm, warns in autonomy. */
export const leaderLost =
  (limits: WatchLimits, isFollowingLeader: () => boolean): WatchRule =>
  ({ leader, mode, heardFor }) => {
    if (!isDriving(mode)) return null
    const isHuman = isFollowingLeader()
    if (!leader && !isHuman) return null
    const cause = leaderTrouble(leader, heardFor, limits)
    return cause
      ? { kind: isHuman ? 'slowStop' : 'warn', rule: 'leaderLost', cause, isBlocking: false, joints: [] }
      : null
  }

/** The driving page is silent for 300 ms. */
export const pageSilent =
  (limits: WatchLimits): WatchRule =>
  ({ lease, mode, nowUs, heardFor }) => {
    if (!lease || !isDriving(mode)) return null
    const silentUs = heardFor(nowUs - lease.silentUs)
    if (silentUs <= limits.pageSilentUs) return null
    const data = { silentMs: shownMs(silentUs) }
    return reaction('slowStop', 'pageSilent', 'control/page-silent', 'The page that drives is silent', data)
  }

/** No stop key reaches us: a warning at once, a stop after the same 300 ms. */
export const noStopKey =
  (limits: WatchLimits): WatchRule =>
  ({ lease, mode, nowUs, heardFor }) => {
    if (!lease || !isDriving(mode) || lease.deafUs <= lease.silentUs) return null
    const deafUs = heardFor(nowUs - lease.deafUs)
    const kind = deafUs > limits.pageSilentUs ? 'slowStop' : 'warn'
    const data = { deafMs: shownMs(deafUs) }
    return reaction(kind, 'noStopKey', 'control/no-stop-key', 'Keys do not reach Foresight', data)
  }

/** Whole milliseconds; a page that never spoke has been silent for ever. */
const shownMs = (us: number): number => Math.round(Math.min(us, 1e9) / 1000)
