/** One evaluation of one episode: what is asked, how far it is, what came out; and its predictions as the plots draw them. */
import { createStore, type StoreApi } from 'zustand'
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { CheckLine, PictureMessage, PolicyEntry, PolicySettings } from '#contract/services/policy.ts'
import { actionKey } from '#core/dataset/feature.ts'
import type { OpenLoopScore } from '#core/policy/open-loop.ts'
import { recordedRows } from '#core/policy/recorded-vectors.ts'
import type { Fault } from '#core/result.ts'
import { recordedColumn } from './dataset-contract.ts'
import type { OpenLoopRun } from './open-loop-run.ts'

export interface OpenLoopResult {
  readonly policyName: string
  readonly score: OpenLoopScore
  readonly frames: number
  /** Channels of the action as the policy names them. */
  readonly channels: readonly string[]
  /** By joint, in the dataset's units: one value per frame, NaN where nothing was predicted. */
  readonly predicted: ReadonlyMap<string, Float64Array>
  readonly foresight: ReadonlyMap<number, readonly PictureMessage[]>
  readonly cameras: Readonly<Record<string, string>>
  readonly startOf: (frame: number) => number | null
  readonly medianMs: number | null
  readonly areUnitsAssumed: boolean
}

export type OpenLoopStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number; readonly sinceMs: number }
  | { readonly kind: 'misfit'; readonly lines: readonly CheckLine[]; readonly policyName: string }
  | { readonly kind: 'failed'; readonly fault: Fault }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'done' }

export interface OpenLoopState {
  readonly status: OpenLoopStatus
  readonly result: OpenLoopResult | null
  /** `V`: what was foreseen beside what came, in place of the pictures. */
  readonly isComparing: boolean
}

export const createOpenLoopStore = (): StoreApi<OpenLoopState> =>
  createStore<OpenLoopState>(() => ({ status: { kind: 'idle' }, result: null, isComparing: false }))

/** Predictions by joint in the units of the dataset, so that they stand on the axes of the recording. */
export function predictedByJoint(
  run: OpenLoopRun,
  detail: EpisodeDetail,
  entry: PolicyEntry,
  settings: Pick<PolicySettings, 'joints'>,
): ReadonlyMap<string, Float64Array> {
  const column = recordedColumn(detail, actionKey)
  const channels = entry.contract?.action ?? []
  const rows = column === null ? null : recordedRows(channels, column, settings.joints)
  const byJoint = new Map<string, Float64Array>()
  if (column === null || rows === null || !rows.ok) return byJoint
  const { predicted, recording } = run.loop
  rows.value.forEach(({ at, scale }, channel) => {
    const joint = (column.names[at] ?? String(at)).replace(/\.pos$/u, '')
    byJoint.set(
      joint,
      Float64Array.from(
        { length: recording.frames },
        (_, frame) => (predicted[frame * recording.width + channel] ?? Number.NaN) / scale,
      ),
    )
  })
  return byJoint
}

/** Seconds left, from how long the chunks so far took; null before the first. */
export function secondsLeft(status: OpenLoopStatus, nowMs: number): number | null {
  if (status.kind !== 'running' || status.done === 0) return null
  return ((nowMs - status.sinceMs) / status.done / 1000) * (status.total - status.done)
}

/** `2.2e−5`: errors span many powers of ten. */
export function errorFigure(value: number | null): string {
  if (value === null) return '–'
  if (value !== 0 && (value < 0.01 || value >= 10_000)) return value.toExponential(2).replace('-', '−')
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
