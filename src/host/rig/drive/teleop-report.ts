/** What a run of teleoperation on two ports measured. Every figure is of ticks in which a human drove; null where there were none. */
import type { TickRecord } from '#core/control/tick-record.ts'
import type { Cause } from '#contract/services/drive.ts'
import type { BusStats } from '../arm-port.ts'

export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export type BusReport = Pick<BusStats, 'requests' | 'timeouts' | 'corrupt' | 'utilisation' | 'roundTripP99Us'>

export interface TeleopReport {
  readonly targetHz: number
  readonly achievedHz: number | null
  /** Seconds in which a human drove. */
  readonly seconds: number
  readonly ticks: number
  readonly overruns: number
  readonly periodUs: Percentiles | null
  readonly latenessUs: Percentiles | null
  /** From the last reply of the leader's servos to the goal handed to the follower's bus. */
  readonly leaderToGoalUs: Percentiles | null
  readonly follower: BusReport | null
  readonly leader: BusReport | null
  /** Ticks on which a limit held back what the hand asked for. */
  readonly limitEvents: number
  readonly monitorViolations: number
  /** Why it ended before its time; null when it did not. */
  readonly stoppedBy: Cause | null
  readonly torque: 'on' | 'off' | 'unknown'
}

export function percentiles(samples: readonly number[]): Percentiles | null {
  if (samples.length === 0) return null
  const sorted = Float64Array.from(samples).sort()
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) }
}

export const busReport = (stats: BusStats | null): BusReport | null =>
  stats && {
    requests: stats.requests,
    timeouts: stats.timeouts,
    corrupt: stats.corrupt,
    utilisation: stats.utilisation,
    roundTripP99Us: stats.roundTripP99Us,
  }

/** Collects the ticks in which a human drove. */
export class TeleopMeter {
  readonly #period: number[] = []
  readonly #lateness: number[] = []
  readonly #leaderToGoal: number[] = []
  #last: TickRecord | null = null
  #firstUs: number | null = null
  #lastUs = 0
  #ticks = 0
  #overruns = 0
  #limitEvents = 0

  add(record: TickRecord): void {
    const before = this.#last
    this.#last = record
    if (record.source !== 'human') return
    this.#firstUs ??= record.timeUs
    this.#lastUs = record.timeUs
    this.#ticks += 1
    this.#lateness.push(record.latenessUs)
    if ((record.limitedJoints?.length ?? 0) > 0) this.#limitEvents += 1
    if (before?.source === 'human') {
      this.#period.push(record.timeUs - before.timeUs)
      this.#overruns += record.tick - before.tick - 1
    }
    if (record.sent && record.leader && record.goalUs !== undefined) {
      this.#leaderToGoal.push(record.goalUs - record.leader.timeUs)
    }
  }

  report(): Pick<
    TeleopReport,
    | 'achievedHz'
    | 'seconds'
    | 'ticks'
    | 'overruns'
    | 'periodUs'
    | 'latenessUs'
    | 'leaderToGoalUs'
    | 'limitEvents'
  > {
    const seconds = this.#firstUs === null ? 0 : (this.#lastUs - this.#firstUs) / 1e6
    return {
      achievedHz: seconds > 0 ? (this.#ticks - 1) / seconds : null,
      seconds,
      ticks: this.#ticks,
      overruns: this.#overruns,
      periodUs: percentiles(this.#period),
      latenessUs: percentiles(this.#lateness),
      leaderToGoalUs: percentiles(this.#leaderToGoal),
      limitEvents: this.#limitEvents,
    }
  }
}
