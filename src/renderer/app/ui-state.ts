/** What the page itself remembers: which screen, which panel, what was just refused or can be undone. Nothing of the hosts. */
import { createStore, useStore, type StoreApi } from 'zustand'
import type { Fault } from '#core/result.ts'
import type { HoldProgress } from '../keys/key-dispatcher.ts'

export const screenIds = ['operate', 'review', 'policies', 'evaluate', 'rig', 'settings'] as const
export type ScreenId = (typeof screenIds)[number]

/** An act that was refused: a fault of the contract, or the reason of a command that must wait. */
export type Refusal =
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'waits'; readonly title: string; readonly reason: string }

/** Something that one key undoes. */
export interface Toast {
  /** Number of the take that was just discarded. */
  readonly discardedTake: number
}

export interface UiState {
  readonly screen: ScreenId
  readonly isKeyListShown: boolean
  /** `F6` lends Tab, Enter and Space to this region. */
  readonly lentRegion: string | null
  readonly refusal: Refusal | null
  readonly toast: Toast | null
  readonly hold: HoldProgress | null
  /** Keys reach the page: the window has the focus. */
  readonly hasFocus: boolean
  readonly isComposing: boolean
  /** A text field has the focus: keys rest, except Esc. */
  readonly isTyping: boolean
  /** Page time at which the count-down of a take ends; null when none runs. */
  readonly countdownEndsMs: number | null
  /** Page time since when the scene waits to be reset, after a saved or discarded take. */
  readonly resetSinceMs: number | null
  /** The camera that fills the stage. */
  readonly enlargedCamera: string | null
  readonly twin: 'column' | 'large' | 'off'
  /** Predicted pictures: under the live ones, their error over them, or neither. */
  readonly foresight: 'beside' | 'over' | 'off'
  /** The panel for dataset, task and operator is open. */
  readonly isChoosingDataset: boolean
  /** The keep-clear line stands in the strip: the next Enter confirms it and gives the first torque of a real arm. */
  readonly isClearAsked: boolean
  /** What Esc closes when nothing else is open and nothing is live, such as an episode in Review. */
  readonly closeOpen: (() => void) | null
}

export type UiStore = StoreApi<UiState>

export const createUiStore = (): UiStore =>
  createStore<UiState>(() => ({
    screen: 'operate',
    isKeyListShown: false,
    lentRegion: null,
    refusal: null,
    toast: null,
    hold: null,
    hasFocus: true,
    isComposing: false,
    isTyping: false,
    countdownEndsMs: null,
    resetSinceMs: null,
    enlargedCamera: null,
    twin: 'column',
    foresight: 'beside',
    isChoosingDataset: false,
    isClearAsked: false,
    closeOpen: null,
  }))

export const useUiStore = <T>(store: UiStore, select: (state: UiState) => T): T => useStore(store, select)
