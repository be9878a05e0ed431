/**
 * The axis of one joint. The robot profile's range where it is known, so that it is the same in every episode; widened, never
 * cut, when the data goes beyond. Without a profile the episode's own range, and the axis says so (UI.md §9).
 */
import { so101Follower } from '#core/arm/so101-profile.ts'

export interface JointScale {
  readonly lower: number
  readonly upper: number
  /** `°` where it is known to be degrees; else empty. */
  readonly unit: '°' | ''
  readonly digits: number
  readonly isAuto: boolean
}

const degrees = 180 / Math.PI

/** Ranges as our datasets write them: degrees, and grippers 0…100. */
const known: ReadonlyMap<
  string,
  { readonly lower: number; readonly upper: number; readonly unit: '°' | '' }
> = new Map(
  so101Follower.joints.map(({ name, kind, lower, upper }) => [
    name,
    kind === 'gripper'
      ? { lower: 0, upper: 100, unit: '' }
      : { lower: lower * degrees, upper: upper * degrees, unit: '°' },
  ]),
)

function extent(series: readonly (Float64Array | null)[]): readonly [number, number] | null {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const values of series)
    for (const value of values ?? [])
      if (Number.isFinite(value)) {
        if (value < lowest) lowest = value
        if (value > highest) highest = value
      }
  return lowest > highest ? null : [lowest, highest]
}

export function jointScale(
  joint: string,
  isOurs: boolean,
  series: readonly (Float64Array | null)[],
): JointScale {
  const [lowest, highest] = extent(series) ?? [0, 1]
  const range = isOurs ? known.get(joint) : undefined
  if (range !== undefined) {
    const [lower, upper] = [Math.min(range.lower, lowest), Math.max(range.upper, highest)]
    return { lower, upper, unit: range.unit, digits: 1, isAuto: false }
  }
  const spread = highest - lowest
  const room = Math.max(spread * 0.06, Math.abs(highest) * 1e-3, 1e-3)
  return { lower: lowest - room, upper: highest + room, unit: '', digits: spread < 20 ? 2 : 1, isAuto: true }
}
