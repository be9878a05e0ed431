/**
 * Real-time chunking without a gradient (spec §6.2): while the next chunk is denoised, its first steps are drawn towards
 * what is left of the present one. This gives the weights; the graph applies them.
 */

export const rtcSchedules = ['linear', 'exp', 'ones', 'zeros'] as const
export type RtcSchedule = (typeof rtcSchedules)[number]

/** Guidance is never stronger than this; also its value at t = 1, where the formula has none. */
const strongest = 10

/** Strength w of the correction at flow time t (1 → 0): v′ = v − w·(Y − (x − t·v))·W. */
export function guidanceStrength(t: number): number {
  const tau = 1 - t
  const strength = ((1 - tau) / tau) * (((1 - tau) ** 2 + tau ** 2) / (1 - tau) ** 2)
  return Number.isFinite(strength) ? Math.min(strength, strongest) : strongest
}

const fallOff: Readonly<Record<RtcSchedule, (linear: number) => number>> = {
  linear: (linear) => linear,
  exp: (linear) => (linear * Math.expm1(linear)) / (Math.E - 1),
  ones: () => 1,
  zeros: () => 0,
}

/**
 * Weight of every row: 1 for the `delay` rows that will have been executed before the chunk arrives, falling to 0 at row
 * `horizon`, by the schedule.
 */
export function rowWeights(length: number, delay: number, horizon: number, schedule: RtcSchedule): number[] {
  const end = Math.min(horizon, length)
  const start = Math.min(delay, end)
  return Array.from({ length }, (_, row) => {
    if (row >= end) return 0
    return row < start ? 1 : fallOff[schedule](1 - (row - start + 1) / (end - start + 1))
  })
}
