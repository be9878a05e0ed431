/** What goes into one tick of the control core and what comes out of it. Plain data: the loop around it does all I/O. */
import type { JointVector } from '../arm/arm-profile.ts'
import type { Fault, Result } from '../result.ts'
import type { Gaps } from './matching.ts'
import type { CommandKind, ControlCommand } from './mode-events.ts'
import type { Mode, Source } from './mode.ts'
import type { ArmLink, LeaseView, Reaction } from './watch-types.ts'

/** What is known of an arm's torque. `unknown`: never switched by this session, or its bus was lost meanwhile. */
export interface TorqueReport {
  readonly state: 'unknown' | 'off' | 'on' | 'switching'
  /** The request (`TorqueWish.request`) that this state answers. */
  readonly request: number
  /** Why the last request failed. */
  readonly fault: Fault | null
}

/** What the core wants of an arm's torque. A new request number means: do it again, even when the state looks right. */
export interface TorqueWish {
  readonly wanted: 'on' | 'off' | 'asIs'
  readonly request: number
  /** Torque cap to set before switching on, 0…1; null leaves the servo's own. */
  readonly cap: number | null
}

export interface PolicyInput {
  readonly name: string
  /** Why it cannot be given the arm now; empty when ready. */
  readonly blockers: readonly Fault[]
  /** The pose wanted now; null while it does not run. */
  readonly sample: Result<JointVector> | null
}

export interface PendingCommand {
  readonly id: number
  readonly command: ControlCommand
}

export interface ControlInput {
  /** Machine-monotonic time at which this tick's goals are computed, microseconds. */
  readonly nowUs: number
  readonly follower: ArmLink
  readonly leader: ArmLink | null
  readonly followerTorque: TorqueReport
  readonly leaderTorque: TorqueReport
  readonly policy: PolicyInput | null
  readonly lease: LeaseView | null
  /** In order of arrival. An e-stop among them goes first, a stop second. */
  readonly commands: readonly PendingCommand[]
}

export interface CommandReply {
  readonly id: number
  readonly result: Result<Mode>
}

export interface ControlOutput {
  readonly mode: Mode
  readonly source: Source
  /** The goal to send, or null: then nothing may go out. */
  readonly followerGoal: JointVector | null
  readonly leaderGoal: JointVector | null
  /** What the source asked for, before any limit. */
  readonly requested: JointVector | null
  readonly limitedJoints: readonly number[]
  readonly followerTorque: TorqueWish
  readonly leaderTorque: TorqueWish
  /** Start the policy from the commanded pose, or stop it. */
  readonly policy: 'start' | 'stop' | null
  readonly isIntervention: boolean
  readonly reactions: readonly Reaction[]
  readonly replies: readonly CommandReply[]
}

/** What a screen needs to know of the core between ticks. */
export interface ControlView {
  readonly mode: Mode
  readonly source: Source
  readonly sinceUs: number
  /** The mode that follows by itself, e.g. matching after slowStop. */
  readonly after: Mode | null
  /** Why the arm does not move, or why the mode is what it is; newest first. */
  readonly causes: readonly Fault[]
  readonly warnings: readonly Fault[]
  /** Share of the normal speed, 1 when nothing derates. */
  readonly speedFactor: number
  /** Leader − commanded pose per joint; null without a leader or without torque. */
  readonly gaps: Gaps | null
  /** Until the present mode ends by itself; null when it does not. */
  readonly secondsLeft: number | null
  /** Who drove last: what `resume` goes on with. */
  readonly driver: 'human' | 'policy' | null
  /** True once goals are being sent; false in holding means: torque unknown or being switched on. */
  readonly isPowered: boolean
  readonly isMirroring: boolean
  readonly policyName: string | null
  readonly blockers: Readonly<Record<CommandKind, Fault | null>>
}
