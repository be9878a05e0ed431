/** One episode: film strip, pictures and lanes on one time axis, inspector. One playhead crosses everything. */
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { useStore } from 'zustand'
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
import { ForesightPairs } from './open-loop/foresight-pairs.tsx'
import '../../operate/foresight/foresight.css'
import './open-loop/open-loop.css'
import { createOpenLoopStore } from './open-loop/open-loop-state.ts'
import { useOpenLoop } from './open-loop/use-open-loop.ts'
import { Pictures } from './pictures.tsx'
import { Timeline } from './timeline.tsx'
import { Transport } from './transport.tsx'
import { useEpisodeDesk } from './use-episode-desk.ts'

/** Before an episode is read nothing was run over it. */
const nothingRun = createOpenLoopStore()
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
  const openLoop = useOpenLoop(desk, dir)
  const { isComparing, result, status } = useStore(openLoop?.store ?? nothingRun)
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
      foresight:
        openLoop === null || result === null || result.foresight.size === 0
          ? null
          : () => openLoop.store.setState((now) => ({ isComparing: !now.isComparing })),
    }),
  )
  const isRunning = status.kind === 'running' || status.kind === 'checking'
  useEffect(() => {
    // Esc gives up an evaluation first, then closes the episode.
    const close = isRunning ? () => openLoop?.cancel() : () => model.store.setState({ open: null })
    app.ui.setState({ closeOpen: close })
    return () => app.ui.setState({ closeOpen: null })
  }, [app, model, openLoop, isRunning])
  return (
    <div className="episode">
      <FilmStrip dir={dir} open={episodeIndex} />
      <section className="episode-middle" data-region="episode">
        {reading.status === 'failed' && <FaultNote fault={reading.fault} testId="episode-fault" />}
        {reading.status === 'reading' && <p className="episode-reading t2">{t.readingEpisode}</p>}
        {desk !== null && openLoop !== null && (
          <>
            {isComparing && result !== null ? (
              <ForesightPairs desk={desk} result={result} />
            ) : (
              <Pictures desk={desk} />
            )}
            <Transport desk={desk} />
            <Timeline desk={desk} openLoop={openLoop} />
          </>
        )}
        <TrashToast />
        <RefusalNote />
      </section>
      <EpisodeInspector episode={episode} openLoop={openLoop} />
      <div className="episode-keys">
        <KeyBar />
      </div>
    </div>
  )
}
