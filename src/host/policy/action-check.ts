/**
 * The last look at a policy's numbers before they leave its process: finite, and possible at all in their unit. Joint
 * ranges are the rig's business; these bounds only catch wrong units and broken networks.
 */
import type { Channel, PolicyUnit } from '#core/policy/policy-contract.ts'
import { fail, ok, type Result } from '#core/result.ts'

const plausible: Readonly<Record<PolicyUnit, readonly [lower: number, upper: number]>> = {
  degrees: [-360, 360],
  radians: [-2 * Math.PI, 2 * Math.PI],
  range_m100_100: [-150, 150],
  range_0_100: [-25, 125],
  range_0_1: [-0.25, 1.25],
  native: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
}

/** Fails with `policy/not-finite` or `policy/out-of-range`; the data names step, channel and value. */
export function checkActions(actions: Float32Array, channels: readonly Channel[]): Result<void> {
  for (const [index, value] of actions.entries()) {
    const channel = channels[index % channels.length]
    if (channel === undefined) break
    const where = { step: Math.floor(index / channels.length), channel: channel.name, value }
    if (!Number.isFinite(value)) {
      return fail('policy/not-finite', `${channel.name} at step ${where.step} is ${value}`, where)
    }
    const [lower, upper] = plausible[channel.unit]
    if (value < lower || value > upper) {
      return fail(
        'policy/out-of-range',
        `${channel.name} at step ${where.step} is ${value} ${channel.unit}`,
        where,
      )
    }
  }
  return ok(undefined)
}
