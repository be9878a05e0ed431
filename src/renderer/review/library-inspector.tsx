/** The chosen episode: a picture, who drove, and its evidence; several chosen ones: what can be done with all. */
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { EvidenceFacts } from './evidence-facts.tsx'
import { Picture } from './episode-thumbs.tsx'
import { shownEpisodes } from './filters.ts'
import { reviewMessages } from './messages.ts'
import { OutcomeMark } from './outcome-mark.tsx'
import { chosen } from './selection.ts'
import { SourceBar, sourceShares } from './source-bar.tsx'
import { useMiddlePicture } from './use-middle-picture.ts'
import { useReview } from './use-review.ts'

export function LibraryInspector(): ReactNode {
  const t = useMessages(reviewMessages)
  const dir = useReview((state) => state.dir)
  const episodes = useReview((state) => state.episodes)
  const filter = useReview((state) => state.filter)
  const selection = useReview((state) => state.selection)
  const shown = shownEpisodes(episodes, filter)
  const episode = shown[selection.cursor]
  const count = chosen(selection, shown).length
  if (dir === null || episode === undefined) return null
  return (
    <>
      <ChosenPicture key={`${dir} ${episode.episodeIndex}`} dir={dir} episodeIndex={episode.episodeIndex} />
      <div className="section">
        <div className="section-head">
          <h2 className="subtitle">{count > 1 ? t.selected(count) : t.episode(episode.episodeIndex)}</h2>
          {count === 1 && <OutcomeMark outcome={episode.outcome} />}
        </div>
        {count === 1 && <p className="t2">{episode.tasks.join(' · ')}</p>}
      </div>
      {count === 1 && episode.sourceSeconds !== null && (
        <div className="section">
          <SourceBar episode={episode} share={1} />
          <p className="row size-s t2 source-key">
            {sourceShares(episode).map(({ source, share }) => (
              <span key={source}>
                <i data-source={source} /> {t.share(t[source], Math.round(share * 100))}
              </span>
            ))}
          </p>
        </div>
      )}
      {count === 1 && <EvidenceFacts episode={episode} />}
      <span className="spring" />
      <div className="row review-acts">
        <ActButton id="review.open" testId="open-episode" isPrimary />
        <ActButton id="review.trash" testId="delete-episode" />
      </div>
    </>
  )
}

function ChosenPicture({ dir, episodeIndex }: { dir: string; episodeIndex: number }): ReactNode {
  const t = useMessages(reviewMessages)
  const chosenPicture = useMiddlePicture(dir, episodeIndex)
  if (chosenPicture === 'none') return null
  return (
    <div className="review-picture">
      <Picture picture={chosenPicture?.picture ?? null} />
      {chosenPicture !== null && (
        <p className="plate">
          {chosenPicture.camera}
          <span className="plate-figures">{t.frameOf(chosenPicture.frame, chosenPicture.frames)}</span>
        </p>
      )}
    </div>
  )
}
