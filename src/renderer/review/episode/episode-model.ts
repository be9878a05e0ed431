/**
 * An episode's columns as the screen draws them: joints with what was measured, asked and sent; who drove when; how far each
 * picture's time is from the joints of its row. What the dataset does not have is absent, never guessed.
 */
import type { EpisodeDetail } from '#contract/services/library.ts'
import {
  actionKey,
  captureTimePrefix,
  readTimeKey,
  requestedKey,
  sourceKey,
  stateKey,
} from '#core/dataset/feature.ts'
import { jointScale, type JointScale } from './joint-scale.ts'
import { pictureTiming, type PictureTiming } from './picture-timing.ts'
import { sourceSegments, type SourceSegment } from './source-segments.ts'

type Column = EpisodeDetail['columns'][number]

export interface Channel extends JointScale {
  readonly joint: string
  /** Place in the arm: the colour. */
  readonly index: number
  /** One value per frame; NaN where there is none. */
  readonly state: Float64Array
  readonly requested: Float64Array | null
  readonly sent: Float64Array | null
}

export interface EpisodeModel {
  readonly frames: number
  readonly fps: number
  readonly channels: readonly Channel[]
  /** Empty where the dataset does not say who drove. */
  readonly segments: readonly SourceSegment[]
  readonly timing: readonly PictureTiming[]
  /** First frames of segments but the first: what `,` and `.` jump to. */
  readonly events: readonly number[]
}

/** One dimension of a column, by its name when both have names, else by its place. */
function series(
  column: Column | undefined,
  name: string,
  place: number,
  frames: number,
): Float64Array | null {
  if (column === undefined) return null
  const named = column.names.indexOf(name)
  const at = named === -1 ? place : named
  if (at >= column.width) return null
  return Float64Array.from(
    { length: frames },
    (_, frame) => column.values[frame * column.width + at] ?? Number.NaN,
  )
}

export function episodeModel(detail: EpisodeDetail): EpisodeModel {
  const { columns, fps, summary } = detail
  const { frames } = summary
  const find = (name: string): Column | undefined => columns.find((column) => column.name === name)
  const [state, action, requested] = [find(stateKey), find(actionKey), find(requestedKey)]
  // Units are known for what was recorded here; another program's numbers are shown as numbers.
  const isOurs = requested !== undefined
  const lead = state ?? action
  const channels = Array.from({ length: lead?.width ?? 0 }, (_, place): Channel => {
    const name = lead?.names[place] ?? String(place)
    const joint = name.replace(/\.pos$/u, '')
    const measured = series(state, name, place, frames) ?? new Float64Array(frames).fill(Number.NaN)
    const sent = series(action, name, place, frames)
    const asked = series(requested, name, place, frames)
    return {
      joint,
      index: place,
      state: measured,
      requested: asked ?? sent,
      sent: asked === null ? null : sent,
      ...jointScale(joint, isOurs, [measured, asked ?? sent]),
    }
  })
  const segments = sourceSegments(find(sourceKey)?.values ?? null)
  const readNs = find(readTimeKey)?.values ?? null
  const timing = columns
    .filter((column) => column.name.startsWith(captureTimePrefix))
    .flatMap((column) => {
      const camera = column.name.slice(captureTimePrefix.length)
      return readNs === null ? [] : [pictureTiming(camera, column.values, readNs)]
    })
  return { frames, fps, channels, segments, timing, events: segments.slice(1).map(({ from }) => from) }
}

/** The event before or after a frame; null when there is none. */
export function eventFrom(events: readonly number[], frame: number, step: 1 | -1): number | null {
  const found = step === 1 ? events.find((event) => event > frame) : events.findLast((event) => event < frame)
  return found ?? null
}
