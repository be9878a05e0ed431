/** What the open episode is, its outcome to set, and its evidence. */
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import type { EpisodeSummary } from '#contract/services/library.ts'
import { useMessages } from '../../i18n/language.tsx'
import { ActButton } from '../../ui/act-button.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { EvidenceFacts } from '../evidence-facts.tsx'
import { labelAvailability, outcomeKeys } from '../library-commands.ts'
import { reviewMessages } from '../messages.ts'
import { OutcomeGlyph } from '../outcome-mark.tsx'
import type { OpenLoopDesk } from './open-loop/open-loop.ts'
import { OpenLoopPanel } from './open-loop/open-loop-panel.tsx'
import { useReview, useReviewParts } from '../use-review.ts'

export interface EpisodeInspectorProps {
  readonly episode: EpisodeSummary | null
  /** Null while the episode is being read. */
  readonly openLoop: OpenLoopDesk | null
}

export function EpisodeInspector({ episode, openLoop }: EpisodeInspectorProps): ReactNode {
  const t = useMessages(reviewMessages)
  const { model } = useReviewParts()
  const count = useReview((state) => state.episodes?.length ?? 0)
  const name = useReview((state) => state.datasets?.find(({ dir }) => dir === state.dir)?.name ?? '')
  if (episode === null) return <aside className="desk-inspect" />
  const canLabel = labelAvailability([episode], t) === 'ready'
  return (
    <aside className="desk-inspect episode-inspect" data-region="inspector">
      <div>
        <button
          type="button"
          className="row size-s t2 episode-back"
          data-testid="back-to-library"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => model.store.setState({ open: null })}
        >
          <ChevronLeft className="icon" aria-hidden="true" /> {name}
        </button>
        <div className="section-head">
          <h1 className="title">{t.episode(episode.episodeIndex)}</h1>
          <span className="size-s t2 nowrap">{t.place(episode.episodeIndex + 1, count)}</span>
        </div>
        <p className="t2 episode-task">{episode.tasks.join(' · ')}</p>
      </div>
      <section className="section">
        <h2 className="heading">{t.outcome}</h2>
        <div className="outcomes">
          {outcomeKeys.map(({ outcome, chord }) => (
            <button
              key={outcome}
              type="button"
              className="outcome"
              aria-pressed={episode.outcome === outcome}
              disabled={!canLabel}
              data-outcome={outcome}
              data-testid={`outcome-${outcome}`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => model.label([episode], outcome)}
            >
              <OutcomeGlyph outcome={outcome} />
              {t[outcome]}
              <KeyCap chord={chord} />
            </button>
          ))}
        </div>
        {!canLabel && <p className="size-s t3">{t.noLabels}</p>}
      </section>
      <EvidenceFacts episode={episode} />
      {openLoop !== null && <OpenLoopPanel desk={openLoop} />}
      <span className="spring" />
      <div className="col">
        <ActButton id="episode.trash" testId="delete-episode" />
        <ActButton id="episode.save" testId="save-and-next" isPrimary />
      </div>
    </aside>
  )
}
