/** Draws only the rows of a long list that can be seen, and keeps one of them in sight. All rows have one height. */
import { useEffect, useRef, useState, type RefObject } from 'react'

export interface VisibleRows {
  readonly place: RefObject<HTMLDivElement | null>
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** Rows drawn beyond the edges, so that a quick scroll shows no gap. */
const margin = 4
/** Before the first measurement: enough to fill any window. */
const assumedPx = 1200

/** `cursor` is scrolled into sight when it changes. */
export function useVisibleRows(count: number, rowPx: number, cursor: number): VisibleRows {
  const place = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ topPx: 0, heightPx: assumedPx })
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const measure = (): void => {
      const heightPx = element.clientHeight > 0 ? element.clientHeight : assumedPx
      setView({ topPx: element.scrollTop, heightPx })
    }
    measure()
    element.addEventListener('scroll', measure, { passive: true })
    const resize = new ResizeObserver(measure)
    resize.observe(element)
    return () => {
      element.removeEventListener('scroll', measure)
      resize.disconnect()
    }
  }, [])
  useEffect(() => {
    const element = place.current
    if (element === null || element.clientHeight === 0) return
    const top = cursor * rowPx
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx - element.clientHeight
  }, [cursor, rowPx])
  const from = Math.max(0, Math.floor(view.topPx / rowPx) - margin)
  const to = Math.min(count, Math.ceil((view.topPx + view.heightPx) / rowPx) + margin)
  return { place, from, to }
}
