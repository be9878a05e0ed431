/** What the watchdog sees and what it answers: one reaction per rule of DESIGN §4's table, with its cause as data. */
import type { ArmProfile, JointVector } from '../arm/arm-profile.ts'
import type { ArmReading } from '../arm/arm-reading.ts'
import type { Fault } from '../result.ts'
import type { Mode } from './mode.ts'

/** One arm's link to the loop. `absent`: never connected in this session; `gone`: was there and is lost. */
export interface ArmLink {
  readonly profile: ArmProfile
  readonly connection: 'connected' | 'gone' | 'absent'
  readonly reading: ArmReading | null
  /** Lost fraction per servo over the last second, profile order. */
  readonly lostFraction: readonly number[]
}

/** The page that drives, as last heard. Null where nobody needs a lease (command line, tests). */
export interface LeaseView {
  /** Microseconds since the last heartbeat. */
  readonly silentUs: number
  /** Microseconds since the last heartbeat from a page whose stop keys arrive (focus, pedal); never below `silentUs`. */
  readonly deafUs: number
}

export type RuleName =
  | 'busGone'
  | 'servoSilent'
  | 'packetsLost'
  | 'leaderLost'
  | 'pageSilent'
  | 'noStopKey'
  | 'servoHot'
  | 'leaderHot'
  | 'servoOverload'
  | 'servoVoltage'
  | 'servoSensor'
  | 'servoReset'
  | 'leaderReset'
  | 'followingError'

export type ReactionKind = 'warn' | 'derate' | 'slowStop' | 'fault'

export interface Reaction {
  readonly kind: ReactionKind
  readonly rule: RuleName
  readonly cause: Fault
  /** Whether the condition is bad enough to refuse power and motion (what is a stop while moving is a warning at rest). */
  readonly isBlocking: boolean
  /** Joint indices of the follower concerned, where the rule is about joints. */
  readonly joints: readonly number[]
}

export interface WatchInput {
  readonly nowUs: number
  readonly mode: Mode
  readonly follower: ArmLink
  /** Null where the rig has no leader. */
  readonly leader: ArmLink | null
  /** The commanded pose while torque is on, else null. */
  readonly commanded: JointVector | null
  readonly lease: LeaseView | null
  /** Voltage of the supply that the follower was found on; null while its servos do not measure one. */
  readonly nominalVoltageV: number | null
  /** Microseconds since `timeUs` for which the loop was there to hear. */
  readonly heardFor: (timeUs: number) => number
}

/** How long a condition has held, by key. */
export interface HeldClock {
  /** Microseconds for which `isTrue` has been reported without a break; 0 when it is false, and on its first report. */
  held(key: string, isTrue: boolean): number
}

export type WatchRule = (input: WatchInput, clock: HeldClock) => Reaction | null

const driving: ReadonlySet<Mode> = new Set<Mode>(['matching', 'teleop', 'policy', 'blend'])
const powered: ReadonlySet<Mode> = new Set<Mode>([...driving, 'holding', 'slowStop'])

/** Modes in which somebody moves the arm. */
export const isDriving = (mode: Mode): boolean => driving.has(mode)
/** Modes in which goals are sent. */
export const sendsGoals = (mode: Mode): boolean => powered.has(mode)
