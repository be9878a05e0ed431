/** Rules about the follower's servos themselves: heat, overload, supply, sensor, and joints that do not go where they are sent. */
import type { JointSpec } from '../arm/arm-profile.ts'
import type { JointReading } from '../arm/arm-reading.ts'
import type { FaultCode } from '../errors.ts'
import type { WatchLimits } from './watch-limits.ts'
import {
  sendsGoals,
  type HeldClock,
  type Reaction,
  type ReactionKind,
  type RuleName,
  type WatchRule,
} from './watch-types.ts'

const bit = {
  voltage: 0x01,
  sensor: 0x02,
  temperature: 0x04,
  current: 0x08,
  angle: 0x10,
  overload: 0x20,
} as const

const rank: Readonly<Record<ReactionKind, number>> = { warn: 0, derate: 1, slowStop: 2, fault: 3 }

export const isWorse = (one: ReactionKind, other: ReactionKind): boolean => rank[one] > rank[other]

/** Rules whose condition goes when torque is switched on anew, so that they must not refuse it. */
export const clearsWithTorque = (rule: RuleName): boolean => rule === 'servoOverload' || rule === 'servoReset'

/** One joint's step on the ladder warn → derate → slowStop, or null when it is well. */
type Ladder = (
  joint: JointReading,
  held: (key: string, isTrue: boolean) => number,
  spec: JointSpec,
  nominalVoltageV: number | null,
) => ReactionKind | null

/**
 * A rule that puts every follower joint on a ladder and reports the worst. What goes when torque is switched on again
 * never blocks: refusing power would leave no way out.
 */
function ladderRule(
  rule: RuleName,
  code: FaultCode,
  message: string,
  ladder: Ladder,
  value: (joint: JointReading) => unknown,
): WatchRule {
  return ({ follower, mode, nominalVoltageV }, clock) => {
    if (!follower.reading) return null
    let worst: { readonly kind: ReactionKind; readonly index: number; readonly joint: JointReading } | null =
      null
    const joints: number[] = []
    for (const [index, joint] of follower.reading.joints.entries()) {
      const spec = follower.profile.joints[index]
      const held = (key: string, isTrue: boolean): number => clock.held(`${rule}.${key}.${index}`, isTrue)
      const kind = spec ? ladder(joint, held, spec, nominalVoltageV) : null
      if (!kind) continue
      joints.push(index)
      if (!worst || isWorse(kind, worst.kind)) worst = { kind, index, joint }
    }
    if (!worst) return null
    const name = follower.profile.joints[worst.index]?.name ?? String(worst.index)
    const kind = sendsGoals(mode) ? worst.kind : 'warn'
    const isBlocking = worst.kind === 'slowStop' && !clearsWithTorque(rule)
    const data = { arm: 'follower', joint: name, value: value(worst.joint) }
    return { kind, rule, cause: { code, message, data }, isBlocking, joints }
  }
}

export const servoHot = (limits: WatchLimits): WatchRule =>
  ladderRule(
    'servoHot',
    'control/servo-hot',
    'A servo is hot',
    (joint, held) => {
      const isActing = joint.temperatureC >= limits.hotActC || (joint.statusBits & bit.temperature) !== 0
      const heldUs = held('act', isActing)
      if (joint.temperatureC >= limits.hotStopC || (isActing && heldUs >= limits.hotStopUs)) return 'slowStop'
      if (isActing) return 'derate'
      return joint.temperatureC >= limits.hotWarnC ? 'warn' : null
    },
    (joint) => joint.temperatureC,
  )

/** A leader that mirrors can grow hot too; it only warns, since nothing hangs on it. */
export const leaderHot =
  (limits: WatchLimits): WatchRule =>
  ({ leader }) => {
    const joints = leader?.reading?.joints ?? []
    const hottest = Math.max(...joints.map((joint) => joint.temperatureC))
    if (!(hottest >= limits.hotWarnC)) return null
    const index = joints.findIndex((joint) => joint.temperatureC === hottest)
    const data = { arm: 'leader', joint: leader?.profile.joints[index]?.name, value: hottest }
    const cause = { code: 'control/servo-hot', message: 'A servo is hot', data } as const
    return { kind: 'warn', rule: 'leaderHot', cause, isBlocking: false, joints: [] }
  }

/**
 * Grippers only warn: LeRobot sets a follower's gripper to trip at a quarter of its torque and to go on with less, so a
 * gripper that holds an object is overloaded by design.
 */
export const servoOverload = (limits: WatchLimits): WatchRule =>
  ladderRule(
    'servoOverload',
    'control/servo-overload',
    'A servo reports overload',
    (joint, held, { kind }) => {
      const isOver = (joint.statusBits & (bit.overload | bit.current)) !== 0
      const heldUs = held('on', isOver)
      if (!isOver) return null
      if (kind === 'gripper') return 'warn'
      return heldUs >= limits.overloadStopUs ? 'slowStop' : 'derate'
    },
    (joint) => joint.load,
  )

export const servoVoltage = (limits: WatchLimits): WatchRule =>
  ladderRule(
    'servoVoltage',
    'control/servo-voltage',
    'The supply voltage is outside its range',
    (joint, held, _spec, nominalVoltageV) => {
      const share = nominalVoltageV === null ? 1 : joint.voltageV / nominalVoltageV
      const isOff =
        share < limits.voltageLow || share > limits.voltageHigh || (joint.statusBits & bit.voltage) !== 0
      const heldUs = held('off', isOff)
      if (!isOff) return null
      if (heldUs >= limits.voltageStopUs) return 'slowStop'
      return heldUs >= limits.voltageDerateUs ? 'derate' : 'warn'
    },
    (joint) => joint.voltageV,
  )

export const servoSensor = (limits: WatchLimits): WatchRule =>
  ladderRule(
    'servoSensor',
    'control/servo-sensor',
    'A servo reports a position sensor or angle error',
    (joint, held) => {
      const isBad = (joint.statusBits & (bit.sensor | bit.angle)) !== 0
      const heldUs = held('on', isBad)
      if (!isBad) return null
      return heldUs >= limits.sensorStopUs ? 'slowStop' : 'warn'
    },
    (joint) => joint.statusBits,
  )

/** A servo that lost its torque by itself hangs limp: the others hold, and engaging switches torque on anew, in its order. */
export const servoReset = (): WatchRule =>
  ladderRule(
    'servoReset',
    'control/servo-reset',
    'A servo lost its torque by itself',
    (joint) => (joint.hasReset === true ? 'slowStop' : null),
    (joint) => joint.voltageV,
  )

/** A leader's joint that goes limp while it mirrors is no danger to the follower. */
export const leaderReset =
  (): WatchRule =>
  ({ leader }) => {
    const index = leader?.reading?.joints.findIndex((joint) => joint.hasReset === true) ?? -1
    if (index < 0) return null
    const data = { arm: 'leader', joint: leader?.profile.joints[index]?.name }
    const cause = { code: 'control/servo-reset', message: 'A servo lost its torque by itself', data } as const
    return { kind: 'warn', rule: 'leaderReset', cause, isBlocking: false, joints: [] }
  }

/**
 * A joint more than 10° from its goal for 0.5 s is stuck or pushed. Grippers are left out: standing still against an
 * object short of the goal is how they hold it; their force is bounded by torque limit and overload bit.
 */
export const followingError =
  (limits: WatchLimits): WatchRule =>
  ({ follower, commanded }, clock: HeldClock): Reaction | null => {
    const joints: number[] = []
    let worst = { rad: 0, name: '' }
    for (const [index, joint] of follower.profile.joints.entries()) {
      const reading = follower.reading?.joints[index]
      const goal = commanded?.[index]
      const errorRad =
        reading && goal !== undefined ? Math.abs(goal - reading.position) * joint.radPerUnit : 0
      const isOff =
        joint.kind === 'revolute' && reading?.hasReset !== true && errorRad > limits.followingErrorRad
      if (clock.held(`followingError.${index}`, isOff) < limits.followingErrorUs || !isOff) continue
      joints.push(index)
      if (errorRad > worst.rad) worst = { rad: errorRad, name: joint.name }
    }
    if (joints.length === 0) return null
    const data = {
      arm: 'follower',
      joint: worst.name,
      errorDeg: Math.round((worst.rad * 1800) / Math.PI) / 10,
    }
    const cause = {
      code: 'control/following-error',
      message: 'A joint does not go where it is sent',
      data,
    } as const
    return { kind: 'slowStop', rule: 'followingError', cause, isBlocking: false, joints }
  }
