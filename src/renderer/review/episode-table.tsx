/** The episodes as rows: pictures, task, length, who drove, skew, outcome. A thousand rows cost what fits on the screen. */
import type { ReactNode } from 'react'
import type { EpisodeSummary } from '#contract/services/library.ts'
import { useMessages } from '../i18n/language.tsx'
import { EpisodeRow } from './episode-row.tsx'
import { reviewMessages } from './messages.ts'
import { isChosen } from './selection.ts'
import { useIsHall } from './use-is-hall.ts'
import { useReview } from './use-review.ts'
import { useVisibleRows } from './use-visible-rows.ts'

export interface EpisodeTableProps {
  readonly dir: string
  readonly episodes: readonly EpisodeSummary[]
}

export function EpisodeTable({ dir, episodes }: EpisodeTableProps): ReactNode {
  const t = useMessages(reviewMessages)
  const selection = useReview((state) => state.selection)
  const rowPx = useIsHall() ? 58 : 48
  const { place, from, to } = useVisibleRows(episodes.length, rowPx, selection.cursor)
  const longest = Math.max(0.001, ...episodes.map((episode) => episode.seconds))
  return (
    <>
      <div className="episode-row is-head">
        <span>{t.number}</span>
        <span>{t.firstAndLast}</span>
        <span>{t.task}</span>
        <span className="is-right">{t.length}</span>
        <span>{t.whoDrove}</span>
        <span>{t.skew}</span>
        <span>{t.outcome}</span>
        <span className="is-wide">{t.operator}</span>
      </div>
      <div ref={place} className="episode-rows" data-testid="episode-rows">
        <div style={{ height: episodes.length * rowPx, position: 'relative' }}>
          {episodes.slice(from, to).map((episode, index) => (
            <EpisodeRow
              key={episode.episodeIndex}
              dir={dir}
              episode={episode}
              position={from + index}
              topPx={(from + index) * rowPx}
              longestSeconds={longest}
              isChosen={isChosen(selection, from + index)}
              isCursor={selection.cursor === from + index}
            />
          ))}
        </div>
      </div>
      {episodes.length === 0 && <p className="review-note t2">{t.noneInFilter}</p>}
    </>
  )
}
