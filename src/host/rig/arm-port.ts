/** One arm as the control loop sees it: readings in, goals out, torque in the one safe order. All traffic of its bus goes through it. */
import type { ArmProfile, JointVector } from '#core/arm/arm-profile.ts'
import type { ArmReading } from '#core/arm/arm-reading.ts'
import type { Fault, Result } from '#core/result.ts'

/** Counters since the port was opened, and rates over the last second. */
export interface BusStats {
  readonly requests: number
  readonly timeouts: number
  readonly corrupt: number
  /** Lost fraction per servo over the last second, profile order. */
  readonly lostFraction: readonly number[]
  /** Time since each servo last answered, microseconds, profile order. */
  readonly silentUs: readonly number[]
  /** Share of the wire in use over the last second, 0…1. */
  readonly utilisation: number
  /** Round trip of a full read, 99th percentile over the last second, microseconds. */
  readonly roundTripP99Us: number
}

export interface ArmPort extends AsyncDisposable {
  readonly profile: ArmProfile
  /** What was found when the port was opened; absent where nobody looked. */
  readonly report?: {
    /** Joints that had torque then. */
    readonly heldJoints: readonly string[]
  }
  /** One full pass. Resolves by `deadlineUs` at the latest; joints without a good reply carry their last value, `isStale`. Fails only when the bus is gone. */
  read(deadlineUs: number): Promise<Result<ArmReading>>
  /** Quantises and sends goals with one sync write, unacknowledged. The caller has limited them; out-of-range or non-finite goals are refused whole. */
  writeGoals(goal: JointVector): Result<void>
  /** Forgets goals that were handed over and are not on the wire yet: a read under way may still hold them back. */
  withdrawGoals(): void
  /** Goal = present, read back, torque on, for every joint; on failure everything that was switched on is left holding at its present pose and the fault names the joint. */
  torqueOn(): Promise<Result<void>>
  /** Torque off on every joint, each tried even when another fails; never stops at the first bad servo. */
  torqueOff(): Promise<Result<void>>
  /** Caps torque, 0…1 of the servo's maximum (Torque_Limit, RAM). */
  setTorqueLimit(fraction: number): Promise<Result<void>>
  stats(nowUs: number): BusStats
  /** Called once when the bus is gone (unplugged, port error). */
  onClose(listener: (fault: Fault) => void): Disposable
}
