/** Thresholds of the reaction table (DESIGN §4). Times in microseconds; temperatures in °C; voltages relative to nominal. */
export interface WatchLimits {
  readonly servoSilentUs: number
  readonly servoFaultUs: number
  readonly lostFraction: number
  readonly leaderStaleUs: number
  readonly pageSilentUs: number
  readonly hotWarnC: number
  readonly hotActC: number
  /** The servo's own protection cuts its output at 70 °C, which would drop the arm: stop before it. */
  readonly hotStopC: number
  readonly hotStopUs: number
  readonly overloadStopUs: number
  readonly voltageLow: number
  readonly voltageHigh: number
  readonly voltageDerateUs: number
  readonly voltageStopUs: number
  readonly sensorStopUs: number
  readonly followingErrorRad: number
  readonly followingErrorUs: number
  /** Share of the normal speed while derated. */
  readonly derateFactor: number
}

export const defaultWatchLimits: WatchLimits = {
  servoSilentUs: 50_000,
  servoFaultUs: 500_000,
  lostFraction: 0.2,
  leaderStaleUs: 100_000,
  pageSilentUs: 300_000,
  hotWarnC: 55,
  hotActC: 65,
  hotStopC: 68,
  hotStopUs: 2_000_000,
  overloadStopUs: 500_000,
  voltageLow: 0.85,
  voltageHigh: 1.15,
  voltageDerateUs: 200_000,
  voltageStopUs: 1_000_000,
  sensorStopUs: 200_000,
  followingErrorRad: (10 * Math.PI) / 180,
  followingErrorUs: 500_000,
  derateFactor: 0.5,
}

/**
 * For arms whose bus is a process of this machine: a busy computer holds it up for longer than a servo is ever silent, and
 * nobody stands next to a simulated arm (docs/adr/0008).
 */
export const simulatedWatchLimits: WatchLimits = {
  ...defaultWatchLimits,
  servoSilentUs: 200_000,
  servoFaultUs: 2_000_000,
  lostFraction: 0.5,
  leaderStaleUs: 300_000,
}
