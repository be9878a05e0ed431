/**
 * What was foreseen and how it turned out, as far as this page was told: the newest prediction, the newest comparison and the
 * scores of the last seconds. Times are the machine's clock, microseconds.
 */
import type { ExecutorState } from '#contract/services/drive.ts'
import type { Prediction, Surprise } from '#contract/services/pictures.ts'
import type { PolicySettings } from '#contract/services/policy.ts'

export interface Score {
  /** The moment that was predicted. */
  readonly dueUs: number
  readonly score: number
}

export interface ForesightState {
  readonly prediction: Prediction | null
  readonly surprise: Surprise | null
  /** Oldest first. */
  readonly scores: readonly Score[]
  /** Of the loaded policy; null until read. */
  readonly settings: PolicySettings | null
  /** How chunks follow each other; null while no policy stands ready. */
  readonly executor: ExecutorState | null
}

export const noForesight: ForesightState = {
  prediction: null,
  surprise: null,
  scores: [],
  settings: null,
  executor: null,
}

/** The plot shows ten seconds; "worst" looks back three times as far. */
export const plotWindowUs = 10_000_000
const keptUs = 30_000_000

export const withPrediction = (state: ForesightState, prediction: Prediction): ForesightState =>
  state.prediction?.policyId === prediction.policyId || state.surprise?.policyId === prediction.policyId
    ? { ...state, prediction }
    : { ...state, prediction, surprise: null, scores: [] }

export function withSurprise(state: ForesightState, surprise: Surprise): ForesightState {
  const isSame = state.surprise === null || state.surprise.policyId === surprise.policyId
  const score = { dueUs: surprise.dueUs, score: surprise.score }
  const before = isSame ? state.scores : []
  const isOrdered = (before.at(-1)?.dueUs ?? -Infinity) <= score.dueUs
  const scores = (isOrdered ? [...before, score] : [score]).filter(
    ({ dueUs }) => dueUs > score.dueUs - keptUs,
  )
  return { ...state, surprise, scores }
}

/** A predicted picture older than its own time is removed, not frozen (UI.md §9); this much is the clock's and the screen's. */
const graceUs = 120_000

export const isAhead = (prediction: Prediction, nowUs: number): boolean => nowUs <= prediction.dueUs + graceUs

export const worstOf = (scores: readonly Score[]): Score | null =>
  scores.reduce<Score | null>(
    (worst, score) => (worst === null || score.score > worst.score ? score : worst),
    null,
  )

/** How long a score above the threshold keeps proposing a take-over. */
const proposalUs = 3_000_000

/** The score that proposes a take-over now; null when none does. Advice only: nothing acts on it but the person. */
export function proposalOf(
  state: Pick<ForesightState, 'scores' | 'settings'>,
  nowUs: number | null,
): Score | null {
  const threshold = state.settings?.surpriseThreshold ?? null
  if (threshold === null || nowUs === null) return null
  return state.scores.findLast(({ dueUs, score }) => score > threshold && nowUs - dueUs <= proposalUs) ?? null
}

/** The rig's camera that a predicted view is of: named as the rig names it, or as the policy does. */
export function cameraOfView(
  view: string,
  cameras: readonly string[],
  settings: Pick<PolicySettings, 'cameras'> | null,
): string | null {
  const mapped = settings?.cameras[view]
  if (typeof mapped === 'string' && cameras.includes(mapped)) return mapped
  return cameras.includes(view) ? view : null
}
