/** What the clock says about the recording (UI.md §3): its phase, its seconds and its two lines, from states alone. */
import type { RecordState } from '#contract/services/record.ts'
import { clockFigure } from '../../i18n/figures.ts'
import type { OperateText } from '../messages.ts'

export type TakePhase = 'off' | 'countdown' | 'recording' | 'saving' | 'reset' | 'closed'

export interface TakeTimes {
  /** Rig clock now, or null while it is not known. */
  readonly nowRigUs: number | null
  readonly nowMs: number
  readonly countdownEndsMs: number | null
  readonly resetSinceMs: number | null
}

export interface TakeModel {
  readonly phase: TakePhase
  readonly clock: string
  readonly first: string
  readonly second: string
}

/** The number the next take will have. */
export const nextTakeNumber = (record: RecordState): number =>
  record.session.reduce((highest, entry) => Math.max(highest, entry.number), 0) + 1

export function takeModel(record: RecordState | null, times: TakeTimes, t: OperateText): TakeModel {
  const zero = clockFigure(0)
  if (record === null || record.phase === 'none')
    return { phase: 'off', clock: zero, first: t.notRecording, second: record === null ? '' : t.noDataset }
  const { take, goal } = record
  if (take !== null && record.phase === 'recording') {
    const seconds = times.nowRigUs === null ? take.seconds : (times.nowRigUs - take.t0Us) / 1e6
    return {
      phase: 'recording',
      clock: clockFigure(Math.max(seconds, 0)),
      first: t.recording,
      second: t.takeOf(take.number, goal),
    }
  }
  if (take !== null && record.phase === 'closed')
    return {
      phase: 'closed',
      clock: clockFigure(take.seconds),
      first: t.takeClosed(take.number),
      second: t.safeOnDisk,
    }
  if (times.countdownEndsMs !== null) {
    const left = Math.ceil(Math.max(0, times.countdownEndsMs - times.nowMs) / 1000)
    return {
      phase: 'countdown',
      clock: String(left),
      first: t.startsIn,
      second: t.takeOf(nextTakeNumber(record), goal),
    }
  }
  const saving = record.saving[0]
  if (saving !== undefined)
    return { phase: 'saving', clock: zero, first: t.saving, second: t.takeOf(saving.number, goal) }
  const next = t.nextTake(nextTakeNumber(record), goal)
  if (times.resetSinceMs !== null)
    return {
      phase: 'reset',
      clock: clockFigure((times.nowMs - times.resetSinceMs) / 1000),
      first: t.resetTheScene,
      second: next,
    }
  return { phase: 'off', clock: zero, first: t.notRecording, second: next }
}

/** While nobody answers: what was last told, without a clock that runs or a red word. */
export const lastKnownTake = (record: RecordState | null, t: OperateText): TakeModel => ({
  phase: 'off',
  clock: clockFigure(record?.take?.seconds ?? 0),
  first: t.lastKnown,
  second: record?.take === undefined || record.take === null ? '' : t.takeOf(record.take.number, record.goal),
})
