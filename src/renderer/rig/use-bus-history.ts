/** Use and errors of one bus, sampled once a second while the screen is open; the last minute is kept. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app-context.tsx'

export interface BusSample {
  readonly number: number
  /** 0…1 of what the wire can carry. */
  readonly utilisation: number
  /** Lost or corrupt packets since the sample before. */
  readonly errors: number
}

interface History {
  readonly samples: readonly BusSample[]
  readonly errorsBefore: number | null
}

const sampleMs = 1000
const kept = 60
const empty: History = { samples: [], errorsBefore: null }

export function useBusHistory(role: 'follower' | 'leader'): readonly BusSample[] {
  const app = useApp()
  const [history, setHistory] = useState(empty)
  useEffect(() => {
    const timer = app.timers.every(sampleMs, () => {
      const bus = app.live.getState().drive?.[role]?.bus
      if (bus === undefined) return
      const errors = bus.timeouts + bus.corrupt
      setHistory(({ samples, errorsBefore }) => {
        const number = (samples.at(-1)?.number ?? 0) + 1
        const sample = {
          number,
          utilisation: bus.utilisation,
          errors: Math.max(0, errors - (errorsBefore ?? errors)),
        }
        return { samples: [...samples, sample].slice(-kept), errorsBefore: errors }
      })
    })
    return () => timer[Symbol.dispose]()
  }, [app, role])
  return history.samples
}
