/** What a lane says at the playhead. Written past React: one text per shown frame. */
import { useRef, type ReactNode } from 'react'
import { useOnPlayhead, type Playhead } from './playhead.ts'

export interface ValueCellProps {
  readonly playhead: Playhead
  readonly text: (frame: number) => string
}

export function ValueCell({ playhead, text }: ValueCellProps): ReactNode {
  const cell = useRef<HTMLSpanElement>(null)
  useOnPlayhead(playhead, ({ frame }) => {
    if (cell.current !== null) cell.current.textContent = text(frame)
  })
  return <span ref={cell} className="timeline-value" />
}
