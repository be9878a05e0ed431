/** The guards of the transition table, answered from one tick's input. Each returns the reason a screen shows beside the command. */
import type { Fault } from '../result.ts'
import type { ControlInput } from './core-types.ts'
import type { GuardName } from './mode-table.ts'
import { leaderTrouble, silentJoints } from './watch-link.ts'
import type { WatchLimits } from './watch-limits.ts'
import type { ArmLink, Reaction } from './watch-types.ts'

/** An arm may rest this far outside its calibrated range (pressed against a stop) and still be powered there. */
export const rangeSlackRad = 0.05

export interface GuardFacts {
  readonly input: ControlInput
  readonly reactions: readonly Reaction[]
  readonly isPowered: boolean
  readonly isParkKnown: boolean
  readonly limits: WatchLimits
  /** Microseconds since `timeUs` for which the loop was there to hear. */
  readonly heardFor: (timeUs: number) => number
}

const passed = null

function followerConnected({ input, heardFor, limits }: GuardFacts): Fault | null {
  const { connection, reading } = input.follower
  if (connection !== 'connected' || !reading) {
    return {
      code: 'control/not-connected',
      message: 'The follower is not connected',
      data: { arm: 'follower' },
    }
  }
  const { joints } = silentJoints(reading, heardFor, limits.servoSilentUs)
  if (joints.length === 0) return passed
  const names = joints.map((index) => input.follower.profile.joints[index]?.name ?? String(index))
  return {
    code: 'control/servo-silent',
    message: 'Servos do not answer',
    data: { arm: 'follower', joints: names },
  }
}

function poseInRange({ input }: GuardFacts): Fault | null {
  const outside = firstOutside(input.follower)
  return outside
    ? {
        code: 'control/pose-out-of-range',
        message: 'A joint stands outside its calibrated range: move it inside by hand',
        data: { arm: 'follower', joint: outside },
      }
    : passed
}

function firstOutside({ profile, reading }: ArmLink): string | null {
  for (const [index, joint] of profile.joints.entries()) {
    const position = reading?.joints[index]?.position ?? Number.NaN
    const slack = rangeSlackRad / joint.radPerUnit
    if (!(position >= joint.lower - slack && position <= joint.upper + slack)) return joint.name
  }
  return null
}

const followerHealthy = ({ reactions }: GuardFacts): Fault | null =>
  reactions.find(({ isBlocking, cause }) => isBlocking && cause.data?.['arm'] === 'follower')?.cause ?? passed

const guards: Readonly<Record<GuardName, (facts: GuardFacts) => Fault | null>> = {
  followerConnected,
  followerHealthy,
  poseInRange,
  leaderReady: ({ input, heardFor, limits }) => leaderTrouble(input.leader, heardFor, limits),
  torqueOn: ({ isPowered }) =>
    isPowered ? passed : { code: 'control/not-allowed', message: 'Torque is not on: engage first' },
  policyReady: ({ input: { policy } }) =>
    policy ? (policy.blockers[0] ?? passed) : { code: 'control/no-policy', message: 'No policy is loaded' },
  parkKnown: ({ isParkKnown }) =>
    isParkKnown ? passed : { code: 'control/not-allowed', message: 'The pose to park in is not known' },
}

/** Null when the guard passes. */
export const checkGuard = (name: GuardName, facts: GuardFacts): Fault | null => guards[name](facts)
