/** `reset: true` in an observation begins a new episode, in each dialect: clients without a reset of their own send it. */
import { NpScalar, type WireMap } from '#core/policy/openpi/wire-value.ts'

/** A script that compares with numpy sends a numpy bool. */
export function asksReset(observation: WireMap): boolean {
  const mark = observation['reset']
  return (mark instanceof NpScalar ? mark.value : mark) === true
}

/** There is nothing to see: no chunk is asked for. */
export const isResetAlone = (observation: WireMap): boolean =>
  asksReset(observation) && Object.keys(observation).every((key) => key === 'reset' || key === 'env_idx')
