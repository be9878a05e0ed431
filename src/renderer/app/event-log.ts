/** What happened, in the order this page was told: changes of mode and cause with their times, newest last. For the fault column and the problem report. */
import type { Mode } from '#core/control/mode.ts'
import type { DriveState } from '#contract/services/drive.ts'

/** Times on the rig clock, microseconds. */
export type LoggedEvent =
  | { readonly kind: 'mode'; readonly timeUs: number; readonly mode: Mode }
  | { readonly kind: 'cause'; readonly timeUs: number; readonly code: string; readonly joint: string | null }

const kept = 40

export class EventLog {
  #events: readonly LoggedEvent[] = []
  #mode: string | null = null
  #cause: string | null = null

  list(): readonly LoggedEvent[] {
    return this.#events
  }

  onState(state: Pick<DriveState, 'mode' | 'cause' | 'sinceUs'>): void {
    const cause = state.cause === null ? null : `${state.cause.code} ${state.cause.joint ?? ''}`
    if (state.cause !== null && cause !== this.#cause)
      this.#add({
        kind: 'cause',
        timeUs: state.cause.sinceUs,
        code: state.cause.code,
        joint: state.cause.joint ?? null,
      })
    if (state.mode !== this.#mode) this.#add({ kind: 'mode', timeUs: state.sinceUs, mode: state.mode })
    this.#cause = cause
    this.#mode = state.mode
  }

  #add(event: LoggedEvent): void {
    this.#events = [...this.#events, event].slice(-kept)
  }
}
