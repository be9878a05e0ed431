/** Runs drawing code once per display frame while mounted, past React: for numbers that change faster than a page should render. */
import { useEffect, useRef } from 'react'

export function useFrame(draw: (nowMs: number) => void): void {
  const latest = useRef(draw)
  useEffect(() => {
    latest.current = draw
  })
  useEffect(() => {
    let id = 0
    const step = (nowMs: number): void => {
      latest.current(nowMs)
      id = requestAnimationFrame(step)
    }
    id = requestAnimationFrame(step)
    return () => cancelAnimationFrame(id)
  }, [])
}
