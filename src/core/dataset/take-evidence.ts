/** What a finished take says about itself, computed from its rows and pictures alone, so that a recovered take says the same. */
import { sources } from '../control/mode.ts'
import { FrameGrid } from '../timeline/frame-grid.ts'
import type { EpisodeEvidence } from './evidence.ts'
import type { EpisodeColumns } from './episode-data.ts'
import {
  actionKey,
  captureTimeKey,
  interventionKey,
  noSurprise,
  readTimeKey,
  requestedKey,
  sourceKey,
  stateKey,
  surpriseKey,
} from './feature.ts'
import type { SideChannel } from './recording-features.ts'
import { quantileIndex } from './stats.ts'
import type { TakeFrame } from './take-frame.ts'
import type { TakeRow } from './take-row.ts'

export interface TakeContent {
  readonly t0Us: number
  readonly fps: number
  readonly rows: readonly TakeRow[]
  /** Camera name → pictures, as many as rows. */
  readonly cameras: Readonly<Record<string, readonly TakeFrame[]>>
}

export type MeasuredEvidence = Pick<
  EpisodeEvidence,
  | 'achievedHz'
  | 'tickHz'
  | 'staleRows'
  | 'repeats'
  | 'skewP50Ms'
  | 'skewP95Ms'
  | 'clockUncertaintyUs'
  | 'seconds'
>

/** Measures a take of at least one row. */
export function measureTake({ fps, rows, cameras }: TakeContent): MeasuredEvidence {
  const seconds = rows.length / fps
  const lists = Object.values(cameras)
  const isNew = (row: TakeRow, i: number): boolean =>
    !row.isStale && lists.every((frames) => frames[i]?.isRepeat === false)
  const skews = rows.map((row, i) => {
    const times = [row.readUs, ...lists.map((frames) => frames[i]?.captureUs ?? row.readUs)]
    return (Math.max(...times) - Math.min(...times)) / 1000
  })
  skews.sort((a, b) => a - b)
  const skewAt = (p: number): number => skews[quantileIndex(skews.length, p)] ?? 0
  const inSource = (name: (typeof sources)[number]): number =>
    rows.filter((row) => sources[row.source] === name).length / fps
  return {
    achievedHz: rows.filter(isNew).length / seconds,
    tickHz: rows.slice(1).reduce((sum, row) => sum + row.ticks, 0) / Math.max(seconds - 1 / fps, 1 / fps),
    staleRows: rows.filter((row) => row.isStale).length,
    repeats: Object.fromEntries(
      Object.entries(cameras).map(([name, frames]) => [name, frames.filter((f) => f.isRepeat).length]),
    ),
    skewP50Ms: skewAt(0.5),
    skewP95Ms: skewAt(0.95),
    clockUncertaintyUs: Math.max(
      0,
      ...lists.map((frames) => frames.reduce((max, f) => Math.max(max, f.uncertaintyUs), 0)),
    ),
    seconds: {
      hold: inSource('hold'),
      human: inSource('human'),
      policy: inSource('policy'),
      blend: inSource('blend'),
    },
  }
}

/**
 * What the rows of a take say about surprise; null when they have no place for it. Rows in which the policy moved the arm
 * count: what it foresees while a person does is what would have come of its own actions.
 */
export function measureSurprise(
  rows: readonly TakeRow[],
  sideChannels: readonly SideChannel[],
): EpisodeEvidence['surprise'] {
  const channel = sideChannels.findIndex(({ key }) => key === surpriseKey)
  if (channel < 0) return null
  const at = sideChannels.slice(0, channel).reduce((sum, { names }) => sum + names.length, 0)
  const scores = rows
    .filter(({ source }) => sources[source] === 'policy' || sources[source] === 'blend')
    .map((row) => row.side[at] ?? noSurprise)
    .filter((score) => score >= 0)
  if (scores.length === 0) return { max: null, mean: null }
  return {
    max: scores.reduce((most, score) => Math.max(most, score), 0),
    mean: scores.reduce((sum, score) => sum + score, 0) / scores.length,
  }
}

/** The columns of an episode but LeRobot's five. True times become nanoseconds after the first grid time. */
export function takeColumns(
  content: TakeContent,
  joints: number,
  sideChannels: readonly SideChannel[],
): EpisodeColumns {
  const { rows, cameras } = content
  const originUs = new FrameGrid(content.t0Us, content.fps).timeUs(0)
  const toNs = (timeUs: number): bigint => BigInt(Math.round((timeUs - originUs) * 1000))
  const vector = (size: number, pick: (row: TakeRow, i: number) => number | undefined): Float32Array => {
    const values = new Float32Array(rows.length * size)
    for (const [r, row] of rows.entries())
      for (let i = 0; i < size; i += 1) values[r * size + i] = pick(row, i) ?? Number.NaN
    return values
  }
  const columns: Record<string, EpisodeColumns[string]> = {
    [actionKey]: vector(joints, (row, i) => row.action[i]),
    [stateKey]: vector(joints, (row, i) => row.state[i]),
    [requestedKey]: vector(joints, (row, i) => row.requested[i]),
    [sourceKey]: BigInt64Array.from(rows, (row) => BigInt(row.source)),
    [interventionKey]: Uint8Array.from(rows, (row) => (row.isIntervention ? 1 : 0)),
    [readTimeKey]: BigInt64Array.from(rows, (row) => toNs(row.readUs)),
  }
  for (const [name, frames] of Object.entries(cameras))
    columns[captureTimeKey(name)] = BigInt64Array.from(frames, (frame) => toNs(frame.captureUs))
  let from = 0
  for (const { key, names } of sideChannels) {
    const offset = from
    columns[key] = vector(names.length, (row, i) => row.side[offset + i])
    from += names.length
  }
  return columns
}
