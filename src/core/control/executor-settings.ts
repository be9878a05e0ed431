/** How chunks follow each other, switchable while the arm moves (spec/internvla-a1.md §6.1). */
import { rtcSchedules } from '../policy/internvla/rtc.ts'
import type { RtcSchedule } from '../policy/internvla/rtc.ts'

/**
 * `async`: the next chunk is asked for while the present one runs and joined where the arm really is. `sync`: as upstream, the
 * arm waits at the end of a chunk for the next. `ensemble`: all chunks that cover this moment, weighted by age. `rtc`: as async,
 * and the policy is told what is left of the running chunk.
 */
export const executorModes = ['async', 'sync', 'ensemble', 'rtc'] as const
export type ExecutorMode = (typeof executorModes)[number]

export interface ExecutorSettings {
  readonly mode: ExecutorMode
  /** Rows of a chunk that `sync` executes before it asks for the next; null for all. */
  readonly syncRows: number | null
  /** Weight of a chunk is exp(−decay · age), the oldest first: small values trust them alike. */
  readonly ensembleDecay: number
  /** Rows after which a guided chunk is free; null for all that is left. */
  readonly rtcHorizonRows: number | null
  readonly rtcSchedule: RtcSchedule
}

export const defaultExecutorSettings: ExecutorSettings = {
  mode: 'rtc',
  syncRows: null,
  ensembleDecay: 0.01,
  rtcHorizonRows: null,
  rtcSchedule: 'linear',
}

export { rtcSchedules }
