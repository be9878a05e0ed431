/** Redraws a component at most ten times a second, for numbers that run by themselves. */
import { useEffect, useState } from 'react'

const repaintMs = 100

export function useRepaint(isRunning: boolean): void {
  const [, setTick] = useState(0)
  useEffect(() => {
    if (!isRunning) return undefined
    const id = setInterval(() => setTick((tick) => tick + 1), repaintMs)
    return () => clearInterval(id)
  }, [isRunning])
}
