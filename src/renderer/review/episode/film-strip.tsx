/** All episodes as a strip of first pictures, newest at the top; the open one is framed and kept in sight. */
import type { ReactNode } from 'react'
import type { EpisodeSummary } from '#contract/services/library.ts'
import { useMessages } from '../../i18n/language.tsx'
import { Picture, useThumbnails } from '../episode-thumbs.tsx'
import { reviewMessages } from '../messages.ts'
import { OutcomeGlyph } from '../outcome-mark.tsx'
import { useIsHall } from '../use-is-hall.ts'
import { useReview, useReviewParts } from '../use-review.ts'
import { useVisibleRows } from '../use-visible-rows.ts'

const noEpisodes: readonly EpisodeSummary[] = []

export function FilmStrip({ dir, open }: { dir: string; open: number }): ReactNode {
  const t = useMessages(reviewMessages)
  const episodes = useReview((state) => state.episodes) ?? noEpisodes
  const rowPx = useIsHall() ? 95 : 74
  const count = episodes.length
  const { place, from, to } = useVisibleRows(count, rowPx, count - 1 - open)
  return (
    <nav ref={place} className="film" aria-label={t.filmStrip} data-region="list">
      <div style={{ height: count * rowPx, position: 'relative' }}>
        {Array.from({ length: to - from }, (_, index) => {
          const episode = episodes[count - 1 - from - index]
          return episode === undefined ? null : (
            <FilmItem
              key={episode.episodeIndex}
              dir={dir}
              episode={episode}
              topPx={(from + index) * rowPx}
              isOpen={episode.episodeIndex === open}
            />
          )
        })}
      </div>
    </nav>
  )
}

interface FilmItemProps {
  readonly dir: string
  readonly episode: EpisodeSummary
  readonly topPx: number
  readonly isOpen: boolean
}

function FilmItem({ dir, episode, topPx, isOpen }: FilmItemProps): ReactNode {
  const t = useMessages(reviewMessages)
  const { model } = useReviewParts()
  const { episodeIndex, outcome } = episode
  const pictures = useThumbnails(dir, episodeIndex)
  return (
    <button
      type="button"
      className="film-item"
      style={{ top: topPx }}
      aria-current={isOpen ? 'true' : undefined}
      aria-label={`${t.episode(episodeIndex)}, ${t[outcome]}`}
      data-testid={`film-${episodeIndex}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => model.store.setState({ open: episodeIndex })}
    >
      <Picture picture={pictures?.first ?? null} />
      <span className="film-plate">
        {episodeIndex} <OutcomeGlyph outcome={outcome} />
      </span>
    </button>
  )
}
