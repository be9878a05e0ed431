/**
 * What an episode says about how it was recorded, kept as custom columns of meta/episodes (spec/lerobot.md §1.5). Every
 * row of a dataset has the same columns, because LeRobot takes them from the first file.
 */
import { noSurprise } from './feature.ts'
import type { TableColumn } from './table.ts'

export const outcomes = ['success', 'partial', 'failure', 'unlabelled'] as const
export type Outcome = (typeof outcomes)[number]

export interface EpisodeEvidence {
  readonly takeId: string
  /** Wall-clock start, ISO 8601. */
  readonly recordedAt: string
  readonly operator: string
  /** The policy that was ready during the take; empty when none was. */
  readonly policy: string
  readonly outcome: Outcome
  /** Closed by something other than the operator. */
  readonly isClosedEarly: boolean
  /** Why it ended: `operator`, or a fault code. */
  readonly closeReason: string
  readonly rigHash: string
  readonly calibrationHash: string
  /** Rows per second whose bus read and every picture were new. */
  readonly achievedHz: number
  /** Passes of the control loop per second. */
  readonly tickHz: number
  /** Rows that hold the bus read of the row before. */
  readonly staleRows: number
  /** Repeated pictures by camera. */
  readonly repeats: Readonly<Record<string, number>>
  /** Spread of the true times within a row (bus read, every picture), milliseconds. */
  readonly skewP50Ms: number
  readonly skewP95Ms: number
  /** Largest uncertainty of a picture's capture time on the rig's clock, microseconds. */
  readonly clockUncertaintyUs: number
  /** What was compared with what the policy had foreseen; null where the dataset has no column for it, nulls where nothing was. */
  readonly surprise: { readonly max: number | null; readonly mean: number | null } | null
  readonly seconds: Readonly<Record<'hold' | 'human' | 'policy' | 'blend', number>>
}

export const evidencePrefix = 'foresight.'
export const outcomeColumn = 'foresight.outcome'
export const takeIdColumn = 'foresight.take_id'
const surpriseMaxColumn = 'foresight.surprise_max'
const repeatsPrefix = 'foresight.repeats.'
const secondsPrefix = 'foresight.seconds.'
const sourceNames = ['hold', 'human', 'policy', 'blend'] as const

/** One row of custom columns. */
export function evidenceColumns(evidence: EpisodeEvidence): TableColumn[] {
  const text = (name: string, value: string): TableColumn => ({
    name,
    type: 'string',
    listDepth: 0,
    values: [value],
  })
  const real = (name: string, value: number): TableColumn => ({
    name,
    type: 'float64',
    listDepth: 0,
    values: [value],
  })
  const count = (name: string, value: number): TableColumn => ({
    name,
    type: 'int64',
    listDepth: 0,
    values: [BigInt(value)],
  })
  return [
    text(takeIdColumn, evidence.takeId),
    text('foresight.recorded_at', evidence.recordedAt),
    text('foresight.operator', evidence.operator),
    text('foresight.policy', evidence.policy),
    text(outcomeColumn, evidence.outcome),
    { name: 'foresight.closed_early', type: 'bool', listDepth: 0, values: [evidence.isClosedEarly] },
    text('foresight.close_reason', evidence.closeReason),
    text('foresight.rig_hash', evidence.rigHash),
    text('foresight.calibration_hash', evidence.calibrationHash),
    real('foresight.achieved_hz', evidence.achievedHz),
    real('foresight.tick_hz', evidence.tickHz),
    count('foresight.stale_rows', evidence.staleRows),
    ...Object.entries(evidence.repeats).map(([camera, n]) => count(repeatsPrefix + camera, n)),
    real('foresight.skew_p50_ms', evidence.skewP50Ms),
    real('foresight.skew_p95_ms', evidence.skewP95Ms),
    real('foresight.clock_uncertainty_us', evidence.clockUncertaintyUs),
    ...(evidence.surprise === null
      ? []
      : [
          real(surpriseMaxColumn, evidence.surprise.max ?? noSurprise),
          real('foresight.surprise_mean', evidence.surprise.mean ?? noSurprise),
        ]),
    ...sourceNames.map((name) => real(secondsPrefix + name, evidence.seconds[name])),
  ]
}

const isOutcome = (value: unknown): value is Outcome => outcomes.includes(value as Outcome)

/** Evidence from an episode row; null when the row carries none (recorded by another program, or edited by LeRobot). */
export function parseEvidence(row: Readonly<Record<string, unknown>>): EpisodeEvidence | null {
  const takeId = row[takeIdColumn]
  if (typeof takeId !== 'string') return null
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '')
  const real = (name: string): number =>
    row[name] === null || row[name] === undefined ? 0 : Number(row[name])
  const score = (name: string): number | null => (real(name) < 0 ? null : real(name))
  const outcome = row[outcomeColumn]
  const repeats = Object.keys(row).filter((key) => key.startsWith(repeatsPrefix))
  return {
    takeId,
    recordedAt: text('foresight.recorded_at'),
    operator: text('foresight.operator'),
    policy: text('foresight.policy'),
    outcome: isOutcome(outcome) ? outcome : 'unlabelled',
    isClosedEarly: row['foresight.closed_early'] === true,
    closeReason: text('foresight.close_reason'),
    rigHash: text('foresight.rig_hash'),
    calibrationHash: text('foresight.calibration_hash'),
    achievedHz: real('foresight.achieved_hz'),
    tickHz: real('foresight.tick_hz'),
    staleRows: real('foresight.stale_rows'),
    repeats: Object.fromEntries(repeats.map((key) => [key.slice(repeatsPrefix.length), real(key)])),
    skewP50Ms: real('foresight.skew_p50_ms'),
    skewP95Ms: real('foresight.skew_p95_ms'),
    clockUncertaintyUs: real('foresight.clock_uncertainty_us'),
    surprise:
      typeof row[surpriseMaxColumn] === 'number'
        ? { max: score(surpriseMaxColumn), mean: score('foresight.surprise_mean') }
        : null,
    seconds: {
      hold: real(`${secondsPrefix}hold`),
      human: real(`${secondsPrefix}human`),
      policy: real(`${secondsPrefix}policy`),
      blend: real(`${secondsPrefix}blend`),
    },
  }
}
