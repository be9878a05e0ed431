/** Whether the window has the larger of the two steps (tokens.css): for sizes that code must know. */
import { useSyncExternalStore } from 'react'

const query = '(min-width: 1600px)'

const subscribe = (listener: () => void): (() => void) => {
  const media = window.matchMedia(query)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

export const useIsHall = (): boolean =>
  useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
