/** Statistics of a robot's state and action, and the two rules of scaling with them (spec §1.9). */

export interface Statistics {
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly min: readonly number[]
  readonly max: readonly number[]
}

export type NormalisationRule = 'mean_std' | 'min_max'

/** To the nearest float32: the official rule computes in them, and so does every step here. */
const f32 = Math.fround

/** Keeps a constant feature from dividing by zero; part of the official rule. */
const epsilon = f32(1e-6)

const numberAt = (list: readonly number[], index: number): number => f32(list[index] ?? Number.NaN)

/**
 * A number that never moved in training has a scale of `epsilon` alone: what is left of its statistics beyond float32 would
 * come out a million times larger.
 */
function centreAndScale(
  { mean, std, min, max }: Statistics,
  rule: NormalisationRule,
  index: number,
): [number, number] {
  if (rule === 'mean_std') return [numberAt(mean, index), f32(numberAt(std, index) + epsilon)]
  const least = numberAt(min, index)
  return [least, f32(f32(numberAt(max, index) - least) + epsilon)]
}

export const normalise = (
  values: readonly number[],
  statistics: Statistics,
  rule: NormalisationRule,
): number[] =>
  values.map((value, index) => {
    const [centre, scale] = centreAndScale(statistics, rule, index)
    return f32(f32(f32(value) - centre) / scale)
  })

export const unnormalise = (
  values: readonly number[],
  statistics: Statistics,
  rule: NormalisationRule,
): number[] =>
  values.map((value, index) => {
    const [centre, scale] = centreAndScale(statistics, rule, index)
    return f32(f32(f32(value) * scale) + centre)
  })

/** Relative dimensions of an action get the raw state at the chunk's start added; it is one anchor, not a running sum. */
export const anchorDelta = (
  action: readonly number[],
  state: readonly number[],
  isRelative: readonly boolean[],
): number[] =>
  action.map((value, index) => (isRelative[index] === true ? value + (state[index] ?? Number.NaN) : value))
