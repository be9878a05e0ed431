/** A teleoperation report for people; what was not measured is said to be so. */
import type { BusReport, Percentiles, TeleopReport } from '#host/rig/drive/teleop-report.ts'

const milliseconds = (us: number): string => (us / 1000).toFixed(2)

const spread = (name: string, measured: Percentiles | null): string =>
  measured === null
    ? `${name}  not measured`
    : `${name}  p50 ${milliseconds(measured.p50)}  p99 ${milliseconds(measured.p99)}  p99.9 ${milliseconds(measured.p999)}  max ${milliseconds(measured.max)} ms`

const bus = (name: string, report: BusReport | null): string =>
  report === null
    ? `${name} bus  not measured`
    : `${name} bus  ${report.requests} requests, ${report.timeouts} timeouts, ${report.corrupt} corrupt, ${(report.utilisation * 100).toFixed(0)} % of the wire`

export function teleopText(report: TeleopReport): string {
  const rate = report.achievedHz === null ? 'not measured' : `${report.achievedHz.toFixed(1)} Hz`
  return [
    `rate  ${rate} of ${report.targetHz} Hz over ${report.seconds.toFixed(1)} s, ${report.ticks} ticks, ${report.overruns} missed`,
    spread('period', report.periodUs),
    spread('lateness', report.latenessUs),
    spread('leader to goal', report.leaderToGoalUs),
    bus('leader', report.leader),
    bus('follower', report.follower),
    `limits held back ${report.limitEvents} ticks; the monitor saw ${report.monitorViolations} violations`,
    `torque is ${report.torque}`,
    ...(report.stoppedBy === null
      ? []
      : [`it ended before its time: ${report.stoppedBy.message} (${report.stoppedBy.code})`]),
  ].join('\n')
}
