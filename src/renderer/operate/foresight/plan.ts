/** The pending chunk as the executor will follow it: when each row is due, and where the arm will then be asked to be. */
import type { JointVector } from '#core/arm/arm-profile.ts'

export interface Plan {
  readonly chunkId: number
  /** Rows of the whole chunk. */
  readonly length: number
  readonly joints: number
  /** When each row that is left is due, machine clock; oldest first. */
  readonly timesUs: Float64Array
  /** Row-major [rows, joints], program units. */
  readonly values: Float32Array
}

/** Rows that are still ahead. */
export function rowsLeft(plan: Plan, nowUs: number): number {
  let left = plan.timesUs.length
  for (const timeUs of plan.timesUs) {
    if (timeUs > nowUs) break
    left -= 1
  }
  return left
}

/** Seconds until the last row; 0 for a plan that is over. */
export const secondsAhead = (plan: Plan, nowUs: number): number =>
  Math.max(0, ((plan.timesUs.at(-1) ?? nowUs) - nowUs) / 1e6)

/** The poses that are ahead, in order. */
export function posesAhead(plan: Plan, nowUs: number): readonly JointVector[] {
  const { joints, values, timesUs } = plan
  const first = timesUs.length - rowsLeft(plan, nowUs)
  return Array.from({ length: timesUs.length - first }, (_, index) => [
    ...values.subarray((first + index) * joints, (first + index + 1) * joints),
  ])
}

/** One joint of the plan as points in seconds from now, for a plot. */
export function planPoints(
  plan: Plan,
  joint: number,
  nowUs: number,
  aheadS: number,
): { readonly seconds: readonly number[]; readonly values: readonly number[] } {
  const seconds: number[] = []
  const values: number[] = []
  for (let row = 0; row < plan.timesUs.length; row += 1) {
    const at = ((plan.timesUs[row] ?? nowUs) - nowUs) / 1e6
    if (at <= 0 || at > aheadS) continue
    seconds.push(at)
    values.push(plan.values[row * plan.joints + joint] ?? Number.NaN)
  }
  return { seconds, values }
}
