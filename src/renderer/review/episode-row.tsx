/** One episode of the list. A click chooses it, Shift extends, a double click opens it. */
import type { MouseEvent, ReactNode } from 'react'
import type { EpisodeSummary } from '#contract/services/library.ts'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { EpisodeThumbs } from './episode-thumbs.tsx'
import { lengthText } from './figures.ts'
import { reviewMessages } from './messages.ts'
import { OutcomeMark } from './outcome-mark.tsx'
import { picked } from './selection.ts'
import { SourceBar } from './source-bar.tsx'
import { useReviewParts } from './use-review.ts'

export interface EpisodeRowProps {
  readonly dir: string
  readonly episode: EpisodeSummary
  readonly position: number
  readonly topPx: number
  readonly longestSeconds: number
  readonly isChosen: boolean
  readonly isCursor: boolean
}

/** Skew from which pictures and joints no longer belong together: a frame of 30 fps. */
const skewWarnMs = 34

export const repeatsOf = (episode: EpisodeSummary): number =>
  Object.values(episode.repeats ?? {}).reduce((sum, count) => sum + count, 0)

export function EpisodeRow(props: EpisodeRowProps): ReactNode {
  const { dir, episode, position, topPx, longestSeconds, isChosen, isCursor } = props
  const t = useMessages(reviewMessages)
  const { model } = useReviewParts()
  const { episodeIndex, skewP95Ms } = episode
  const repeats = repeatsOf(episode)
  const isDoubtful = (skewP95Ms ?? 0) >= skewWarnMs || repeats > 0
  const choose = (event: MouseEvent): void =>
    model.store.setState(({ selection }) => ({ selection: picked(position, selection, event.shiftKey) }))
  return (
    <button
      type="button"
      className="episode-row"
      style={{ top: topPx }}
      aria-pressed={isChosen}
      data-cursor={isCursor ? '' : undefined}
      data-testid={`episode-row-${episodeIndex}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={choose}
      onDoubleClick={() => model.store.setState({ open: episodeIndex })}
    >
      <b>{episodeIndex}</b>
      <EpisodeThumbs dir={dir} episodeIndex={episodeIndex} />
      <span className="t2 cut">{episode.tasks.join(' · ')}</span>
      <span className="is-right">{lengthText(episode.seconds)}</span>
      <SourceBar episode={episode} share={episode.seconds / longestSeconds} />
      <span className={isDoubtful ? 'is-warn cut' : 'cut'}>
        {skewP95Ms !== null && `${fixed(skewP95Ms, 0)} ms`}
        {repeats > 0 && ` · ${t.repeatsShort(repeats)}`}
      </span>
      <OutcomeMark outcome={episode.outcome} />
      <span className="is-wide t2 cut">{episode.operator}</span>
    </button>
  )
}
