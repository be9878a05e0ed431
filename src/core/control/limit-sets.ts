/**
 * How fast each mode may move a joint (DESIGN §4, default limits). Values are radians of servo travel; the per-joint
 * limits derived here are in program units, so that a gripper with a long stroke and an elbow obey the same speed.
 */
import type { ArmProfile, JointSpec } from '../arm/arm-profile.ts'
import type { Mode } from './mode.ts'

export interface MotionLimit {
  readonly velocityRadS: number
  readonly accelerationRadS2: number
}

export type LimitSetName = 'human' | 'policy' | 'replay' | 'handOver' | 'slowStop'
export type LimitSets = Readonly<Record<LimitSetName, MotionLimit>>

export const defaultLimitSets: LimitSets = {
  human: { velocityRadS: 3.5, accelerationRadS2: 25 },
  policy: { velocityRadS: 1.5, accelerationRadS2: 10 },
  replay: { velocityRadS: 1.5, accelerationRadS2: 10 },
  handOver: { velocityRadS: 0.5, accelerationRadS2: 2 },
  slowStop: { velocityRadS: 0.5, accelerationRadS2: 10 },
}

/** Limits of one joint in program units (per second, per second²). */
export interface JointLimits {
  readonly lower: number
  readonly upper: number
  readonly velocity: number
  readonly acceleration: number
  /**
   * Deceleration assumed when approaching an end of the range. Never above slowStop's, so that a slow stop begun at any
   * moment still ends inside the range.
   */
  readonly endBraking: number
}

const setByMode: Readonly<Record<Mode, LimitSetName>> = {
  idle: 'slowStop',
  holding: 'handOver',
  matching: 'handOver',
  teleop: 'human',
  policy: 'policy',
  blend: 'handOver',
  slowStop: 'slowStop',
  fault: 'slowStop',
  eStop: 'slowStop',
}

export const limitSetOf = (mode: Mode): LimitSetName => setByMode[mode]

/** Limits of one joint; `speedFactor` (0…1, derating) scales the velocity only: braking must stay as strong as it was. */
export function jointLimits(
  joint: JointSpec,
  name: LimitSetName,
  sets: LimitSets,
  speedFactor = 1,
): JointLimits {
  const { velocityRadS, accelerationRadS2 } = sets[name]
  return {
    lower: joint.lower,
    upper: joint.upper,
    velocity: (velocityRadS * speedFactor) / joint.radPerUnit,
    acceleration: accelerationRadS2 / joint.radPerUnit,
    endBraking: Math.min(accelerationRadS2, sets.slowStop.accelerationRadS2) / joint.radPerUnit,
  }
}

/** Limits of every joint, profile order. */
export const armLimits = (
  profile: ArmProfile,
  name: LimitSetName,
  sets: LimitSets,
  speedFactor = 1,
): readonly JointLimits[] => profile.joints.map((joint) => jointLimits(joint, name, sets, speedFactor))
