/** One episode: film strip, pictures and lanes on one time axis, inspector. One playhead crosses everything. */
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { useApp } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { useScopedCommands } from '../../keys/command-registry.ts'
import { KeyBar } from '../../keys/key-bar.tsx'
import { FaultNote } from '../../ui/note.tsx'
import { RefusalNote } from '../../ui/refusal.tsx'
import { reviewMessages } from '../messages.ts'
import { TrashToast } from '../trash-toast.tsx'
import { useReview, useReviewParts } from '../use-review.ts'
import { episodeCommands } from './episode-commands.ts'
import type { EpisodeDesk } from './episode-desk.ts'
import { EpisodeInspector } from './episode-inspector.tsx'
import './episode.css'
import { FilmStrip } from './film-strip.tsx'
import { Pictures } from './pictures.tsx'
import { Timeline } from './timeline.tsx'
import { Transport } from './transport.tsx'
import { useEpisodeDesk } from './use-episode-desk.ts'

const nothingPlays = (): boolean => false
const noSubscription = () => () => undefined

/** Redraws the commands when playing starts or ends, not with every frame. */
const useIsPlaying = (desk: EpisodeDesk | null): boolean =>
  useSyncExternalStore(desk?.playhead.subscribe ?? noSubscription, () =>
    desk === null ? nothingPlays() : desk.playhead.state.isPlaying,
  )

export function EpisodeScreen({ dir, episodeIndex }: { dir: string; episodeIndex: number }): ReactNode {
  const t = useMessages(reviewMessages)
  const app = useApp()
  const { model } = useReviewParts()
  const state = useReview((now) => now)
  const reading = useEpisodeDesk(dir, episodeIndex)
  const desk = reading.status === 'ready' ? reading.desk : null
  const episode = state.episodes?.[episodeIndex] ?? null
  const isPlaying = useIsPlaying(desk)
  useScopedCommands(
    app.registry,
    'review',
    episodeCommands({
      t,
      timers: app.timers,
      model,
      state,
      episode,
      desk:
        desk === null ? null : { player: desk.player, frames: desk.model.frames, events: desk.model.events },
      isPlaying,
    }),
  )
  useEffect(() => {
    app.ui.setState({ closeOpen: () => model.store.setState({ open: null }) })
    return () => app.ui.setState({ closeOpen: null })
  }, [app, model])
  return (
    <div className="episode">
      <FilmStrip dir={dir} open={episodeIndex} />
      <section className="episode-middle" data-region="episode">
        {reading.status === 'failed' && <FaultNote fault={reading.fault} testId="episode-fault" />}
        {reading.status === 'reading' && <p className="episode-reading t2">{t.readingEpisode}</p>}
        {desk !== null && (
          <>
            <Pictures desk={desk} />
            <Transport desk={desk} />
            <Timeline desk={desk} />
          </>
        )}
        <TrashToast />
        <RefusalNote />
      </section>
      <EpisodeInspector episode={episode} />
      <div className="episode-keys">
        <KeyBar />
      </div>
    </div>
  )
}
