/**
 * Between a robot's numbers and a network's: states are normalised and padded, chunks come back to the robot's units and,
 * for relative checkpoints, are anchored at the state they started from (spec/internvla-a1.md §1.9, §6.2).
 */
import { fail, ok } from '../result.ts'
import type { Result } from '../result.ts'
import { normalise, unnormalise } from './internvla/normalisation.ts'
import type { NormalisationRule, Statistics } from './internvla/normalisation.ts'
import { rowWeights } from './internvla/rtc.ts'
import type { RtcSchedule } from './internvla/rtc.ts'

export interface ActionSpace {
  readonly rule: NormalisationRule
  readonly state: Statistics
  readonly action: Statistics
  /** One flag per action number: added to the state at the chunk's start. All false for absolute checkpoints. */
  readonly isRelative: readonly boolean[]
  /** Widths that the network takes and gives, padding included. */
  readonly stateWidth: number
  readonly actionWidth: number
  readonly chunkLength: number
}

/** The left-over of the running chunk as the caller has it: absolute, in the robot's units. */
export interface GuideRows {
  /** Row-major [rows, action numbers]. */
  readonly leftOver: Float32Array
  readonly rows: number
  readonly delayRows: number
  readonly horizonRows: number
  readonly schedule: RtcSchedule
}

export interface NormalisedGuide {
  /** [chunk, network width] */
  readonly target: Float32Array<ArrayBuffer>
  /** [chunk], all zero when nothing is to be followed. */
  readonly weight: Float32Array<ArrayBuffer>
}

/** @returns the padded vector; numbers that no network number belongs to do not exist */
export function normaliseState(space: ActionSpace, state: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const padded = new Float32Array(space.stateWidth)
  padded.set(normalise(Array.from(state), space.state, space.rule))
  return padded
}

/** Rows of the network's output without padding, in the statistics' units, not yet anchored: [chunk, action numbers]. */
export function unnormaliseRows(
  { action, rule, actionWidth, chunkLength }: Omit<ActionSpace, 'state' | 'isRelative' | 'stateWidth'>,
  output: Float32Array,
): Float32Array<ArrayBuffer> {
  const width = action.mean.length
  const rows = new Float32Array(chunkLength * width)
  for (let row = 0; row < chunkLength; row++) {
    const numbers = Array.from(output.subarray(row * actionWidth, row * actionWidth + width))
    rows.set(unnormalise(numbers, action, rule), row * width)
  }
  return rows
}

/** Adds the raw state where dimensions are relative; one anchor for all rows, not a running sum. */
export function anchorRows(
  rows: Float32Array,
  state: ArrayLike<number>,
  isRelative: readonly boolean[],
): Float32Array<ArrayBuffer> {
  const width = isRelative.length
  return Float32Array.from(rows, (value, index) => {
    const column = index % width
    return isRelative[column] === true ? value + (state[column] ?? Number.NaN) : value
  })
}

/**
 * Half the range of the training data on either side, and never less than six deviations: what lies beyond is no motion the
 * network has learned, but a broken network or the statistics of another robot.
 */
export function trainingBounds(
  { min, max, mean, std }: Statistics,
  index: number,
): readonly [lower: number, upper: number] {
  const [low = Number.NaN, high = Number.NaN] = [min[index], max[index]]
  const margin = (high - low) / 2
  const [centre = Number.NaN, deviation = Number.NaN] = [mean[index], std[index]]
  return [Math.min(low - margin, centre - 6 * deviation), Math.max(high + margin, centre + 6 * deviation)]
}

/**
 * Looks at a chunk before it is anchored.
 * @returns `policy/not-finite` or `policy/out-of-range`, with step and channel
 */
export function checkRows(
  rows: Float32Array,
  { action }: Pick<ActionSpace, 'action'>,
  names: readonly string[],
): Result<void> {
  const width = action.mean.length
  const bounds = action.mean.map((_, index) => trainingBounds(action, index))
  for (const [index, value] of rows.entries()) {
    const column = index % width
    const where = { step: Math.floor(index / width), channel: names[column] ?? `${column}`, value }
    if (!Number.isFinite(value))
      return fail('policy/not-finite', `${where.channel} at step ${where.step} is ${value}`, where)
    const [lower, upper] = bounds[column] ?? [Number.NaN, Number.NaN]
    // A dimension that never moved in training has bounds of no width: rounding must not trip over them.
    const slack = 1e-3 + 1e-4 * Math.max(Math.abs(lower), Math.abs(upper))
    if (value < lower - slack || value > upper + slack) {
      const message = `${where.channel} at step ${where.step} is ${value}, training had ${lower} to ${upper}`
      return fail('policy/out-of-range', message, { ...where, lower, upper })
    }
  }
  return ok(undefined)
}

/**
 * What is left of the running chunk as the network sees it, seen from the new observation.
 * @param guide null for a chunk that joins none
 */
export function normaliseGuide(
  space: ActionSpace,
  guide: GuideRows | null,
  state: ArrayLike<number>,
): NormalisedGuide {
  const { chunkLength, actionWidth, action, rule, isRelative } = space
  const target = new Float32Array(chunkLength * actionWidth)
  if (guide === null) return { target, weight: new Float32Array(chunkLength) }
  const width = action.mean.length
  const rows = Math.min(guide.rows, chunkLength)
  for (let row = 0; row < rows; row++) {
    const absolute = Array.from(guide.leftOver.subarray(row * width, (row + 1) * width))
    const relative = absolute.map((value, index) =>
      isRelative[index] === true ? value - (state[index] ?? Number.NaN) : value,
    )
    target.set(normalise(relative, action, rule), row * actionWidth)
  }
  const horizon = Math.min(guide.horizonRows, rows)
  return {
    target,
    weight: Float32Array.from(rowWeights(chunkLength, guide.delayRows, horizon, guide.schedule)),
  }
}
