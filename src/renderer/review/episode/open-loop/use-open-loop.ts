/** The evaluation of the episode that is open; given up when another one is opened. */
import { useEffect, useMemo } from 'react'
import { useApp } from '../../../app/app-context.tsx'
import { useReview } from '../../use-review.ts'
import type { EpisodeDesk } from '../episode-desk.ts'
import { OpenLoopDesk } from './open-loop.ts'

export function useOpenLoop(desk: EpisodeDesk | null, dir: string): OpenLoopDesk | null {
  const app = useApp()
  const robotType = useReview(
    (state) => state.datasets?.find((dataset) => dataset.dir === dir)?.robotType ?? null,
  )
  const open = useMemo(
    () =>
      desk === null
        ? null
        : new OpenLoopDesk({
            detail: desk.detail,
            dir,
            robotType,
            services: () => app.services(),
            nowMs: () => app.timers.nowMs(),
          }),
    [app, desk, dir, robotType],
  )
  useEffect(() => () => open?.[Symbol.dispose](), [open])
  return open
}
