/** Statistics of a robot's state and action, and the two rules of scaling with them (spec §1.9). */

export interface Statistics {
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly min: readonly number[]
  readonly max: readonly number[]
}

export type NormalisationRule = 'mean_std' | 'min_max'

/** Keeps a constant feature from dividing by zero; part of the official rule. */
const epsilon = 1e-6

const centreAndScale = (
  { mean, std, min, max }: Statistics,
  rule: NormalisationRule,
  index: number,
): [number, number] =>
  rule === 'mean_std'
    ? [mean[index] ?? Number.NaN, (std[index] ?? Number.NaN) + epsilon]
    : [min[index] ?? Number.NaN, (max[index] ?? Number.NaN) - (min[index] ?? Number.NaN) + epsilon]

export const normalise = (
  values: readonly number[],
  statistics: Statistics,
  rule: NormalisationRule,
): number[] =>
  values.map((value, index) => {
    const [centre, scale] = centreAndScale(statistics, rule, index)
    return (value - centre) / scale
  })

export const unnormalise = (
  values: readonly number[],
  statistics: Statistics,
  rule: NormalisationRule,
): number[] =>
  values.map((value, index) => {
    const [centre, scale] = centreAndScale(statistics, rule, index)
    return value * scale + centre
  })

/** Relative dimensions of an action get the raw state at the chunk's start added; it is one anchor, not a running sum. */
export const anchorDelta = (
  action: readonly number[],
  state: readonly number[],
  isRelative: readonly boolean[],
): number[] =>
  action.map((value, index) => (isRelative[index] === true ? value + (state[index] ?? Number.NaN) : value))
