/** What one pass of the control loop leaves behind: input of the recorder, the telemetry stream and the monitor. */
import type { JointVector } from '../arm/arm-profile.ts'
import type { ArmReading } from '../arm/arm-reading.ts'
import type { Mode, Source } from './mode.ts'

export interface TickRecord {
  /** Counts from 0 since the loop started; gaps mean skipped ticks (overruns). */
  readonly tick: number
  /** Machine-monotonic microseconds at which the tick began. */
  readonly timeUs: number
  /** How late it began after its deadline. */
  readonly latenessUs: number
  readonly mode: Mode
  readonly source: Source
  readonly follower: ArmReading | null
  readonly leader: ArmReading | null
  /** What the source asked for, before any limit; null when nobody asked. */
  readonly requested: JointVector | null
  /** The goal after the limiter, as sent to the follower's bus (float set-point); null when nothing was sent. */
  readonly sent: JointVector | null
  /** True while a human corrects inside a take that a policy drove (LeRobot's `intervention`). */
  readonly isIntervention: boolean
  /** When the goals were computed and sent, machine-monotonic microseconds: between the read and the write of this tick. */
  readonly goalUs?: number
  /** The goal sent to the leader while it mirrors the follower; null or absent when nothing was. */
  readonly leaderSent?: JointVector | null
  /** Joints whose goal a limit held back from what was asked. */
  readonly limitedJoints?: readonly number[]
}
