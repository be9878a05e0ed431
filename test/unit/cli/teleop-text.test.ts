/** The teleoperation report for people. */
import { describe, expect, it } from 'vitest'
import { teleopText } from '#cli/commands/teleop-text.ts'
import type { TeleopReport } from '#host/rig/drive/teleop-report.ts'

const spread = { p50: 5000, p99: 5200, p999: 6000, max: 6100 }
const bus = { requests: 600, timeouts: 1, corrupt: 2, utilisation: 0.33, roundTripP99Us: 2000 }
const report: TeleopReport = {
  targetHz: 200,
  achievedHz: 199.6,
  seconds: 3,
  ticks: 598,
  overruns: 2,
  periodUs: spread,
  latenessUs: null,
  leaderToGoalUs: spread,
  follower: bus,
  leader: null,
  limitEvents: 4,
  monitorViolations: 0,
  stoppedBy: null,
  torque: 'on',
}

describe('a teleoperation report', () => {
  it('gives rate, spreads in milliseconds, buses, limits and torque', () => {
    const text = teleopText(report)
    expect(text).toContain('rate  199.6 Hz of 200 Hz over 3.0 s, 598 ticks, 2 missed')
    expect(text).toContain('period  p50 5.00  p99 5.20  p99.9 6.00  max 6.10 ms')
    expect(text).toContain('follower bus  600 requests, 1 timeouts, 2 corrupt, 33 % of the wire')
    expect(text).toContain('torque is on')
  })

  it('says what was not measured, and why it ended early', () => {
    const text = teleopText({
      ...report,
      achievedHz: null,
      stoppedBy: { code: 'bus/timeout', message: 'servo 3 is silent', sinceUs: 0 },
    })
    expect(text).toContain('rate  not measured')
    expect(text).toContain('lateness  not measured')
    expect(text).toContain('leader bus  not measured')
    expect(text).toContain('it ended before its time: servo 3 is silent (bus/timeout)')
  })
})
