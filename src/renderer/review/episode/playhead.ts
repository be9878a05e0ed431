/** Where the episode is now, for everything that moves with it. Told past React: a frame is drawn by moving a line and writing texts. */
import { useEffect, useRef } from 'react'
import type { PlayState } from '../../video/play-clock.ts'

export class Playhead {
  readonly #listeners = new Set<(state: PlayState) => void>()
  #state: PlayState = { frame: 0, isPlaying: false, rate: 1, isLooping: false }

  get state(): PlayState {
    return this.#state
  }

  set(state: PlayState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }

  readonly subscribe = (listener: (state: PlayState) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Calls at once and on every change; `act` may be another function at every redraw. */
export function useOnPlayhead(playhead: Playhead, act: (state: PlayState) => void): void {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
    act(playhead.state)
  })
  useEffect(() => playhead.subscribe((state) => latest.current(state)), [playhead])
}
