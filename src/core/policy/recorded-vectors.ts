/**
 * The columns of a recorded episode as a policy wants them: its order, its units, through the mapping a person chose.
 * What cannot be converted by a constant of nature is refused, never guessed.
 */
import { fail, ok, type Result } from '../result.ts'

/** One vector column of a dataset. */
export interface RecordedColumn {
  /** LeRobot's names, e.g. `shoulder_pan.pos`; empty where the dataset does not name them. */
  readonly names: readonly string[]
  readonly width: number
  /** Row-major [frames, width]. */
  readonly values: ArrayLike<number>
  /** By channel; null where the dataset does not say, which takes the policy's. */
  readonly units: readonly (string | null)[]
}

/** Policy units per recorded unit; undefined where no constant joins the two. */
function factor(from: string | null, to: string): number | undefined {
  if (from === null || from === to) return 1
  const factors: Readonly<Record<string, number>> = {
    'degrees radians': Math.PI / 180,
    'radians degrees': 180 / Math.PI,
    'range_0_100 range_0_1': 0.01,
    'range_0_1 range_0_100': 100,
  }
  return factors[`${from} ${to}`]
}

const bare = (name: string): string => name.replace(/\.pos$/u, '')

/** Where a channel of the policy is recorded: its place in the column, and policy units per recorded unit. */
export interface RecordedRow {
  readonly at: number
  readonly scale: number
}

/**
 * One row per channel of the policy. `joints` names the recorded joint of a channel where a person mapped it. Unnamed columns
 * are taken by place when they are as wide as the policy's vector. Fails with `policy/contract-mismatch` naming the channel.
 */
export function recordedRows(
  channels: readonly { readonly name: string; readonly unit: string }[],
  column: Omit<RecordedColumn, 'values'>,
  joints: Readonly<Record<string, string>> = {},
): Result<readonly RecordedRow[]> {
  const isNamed = column.names.length > 0
  const rows: RecordedRow[] = []
  for (const [place, { name, unit }] of channels.entries()) {
    const wanted = joints[name] ?? joints[bare(name)] ?? name
    const at = isNamed ? column.names.findIndex((recorded) => bare(recorded) === bare(wanted)) : place
    if (at < 0 || at >= column.width || (!isNamed && column.width !== channels.length))
      return fail('policy/contract-mismatch', `the dataset has no channel for ${name}`, { channel: name })
    const from = column.units[at] ?? null
    const scale = factor(from, unit)
    if (scale === undefined)
      return fail('policy/contract-mismatch', `${name} is recorded in ${from ?? ''}, not in ${unit}`, {
        channel: name,
      })
    rows.push({ at, scale })
  }
  return ok(rows)
}

/** Row-major [frames, channels.length] in the policy's order and units. Fails as `recordedRows` does. */
export function recordedVectors(
  channels: readonly { readonly name: string; readonly unit: string }[],
  column: RecordedColumn,
  joints: Readonly<Record<string, string>> = {},
): Result<Float64Array> {
  const found = recordedRows(channels, column, joints)
  if (!found.ok) return found
  const rows = found.value
  const frames = column.width === 0 ? 0 : Math.floor(column.values.length / column.width)
  const out = new Float64Array(frames * rows.length)
  for (let frame = 0; frame < frames; frame += 1)
    rows.forEach(({ at, scale }, place) => {
      out[frame * rows.length + place] = (column.values[frame * column.width + at] ?? Number.NaN) * scale
    })
  return ok(out)
}
