/** What happened, in the order this page was told: changes of mode and cause with their times, newest last. For the fault column and the problem report. */
import type { DriveState } from '#contract/services/drive.ts'

export interface LoggedEvent {
  /** Rig clock, microseconds. */
  readonly timeUs: number
  readonly kind: 'mode' | 'cause'
  /** A mode, or the code of a cause. */
  readonly name: string
  readonly joint: string | null
}

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
        timeUs: state.cause.sinceUs,
        kind: 'cause',
        name: state.cause.code,
        joint: state.cause.joint ?? null,
      })
    if (state.mode !== this.#mode)
      this.#add({ timeUs: state.sinceUs, kind: 'mode', name: state.mode, joint: null })
    this.#cause = cause
    this.#mode = state.mode
  }

  #add(event: LoggedEvent): void {
    this.#events = [...this.#events, event].slice(-kept)
  }
}
