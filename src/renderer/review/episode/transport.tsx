/** Play, where it is, how fast, loop. Numbers are written past React, once per shown frame. */
import { Pause, Play, Repeat, Undo2 } from 'lucide-react'
import { useRef, useSyncExternalStore, type ReactNode } from 'react'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { ActButton } from '../../ui/act-button.tsx'
import { reviewMessages } from '../messages.ts'
import type { EpisodeDesk } from './episode-desk.ts'
import { useOnPlayhead } from './playhead.ts'

export function Transport({ desk }: { desk: EpisodeDesk }): ReactNode {
  const t = useMessages(reviewMessages)
  const { player, playhead, model } = desk
  const number = useRef<HTMLElement>(null)
  const seconds = useRef<HTMLSpanElement>(null)
  const isPlaying = useSyncExternalStore(playhead.subscribe, () => playhead.state.isPlaying)
  const isLooping = useSyncExternalStore(playhead.subscribe, () => playhead.state.isLooping)
  const rate = useSyncExternalStore(playhead.subscribe, () => playhead.state.rate)
  useOnPlayhead(playhead, ({ frame }) => {
    if (number.current !== null) number.current.textContent = String(frame)
    if (seconds.current !== null)
      seconds.current.textContent = t.ofFrames(model.frames, fixed(frame / model.fps, 3))
  })
  return (
    <div className="transport">
      <button
        type="button"
        className="transport-play"
        aria-label={isPlaying ? t.pause : t.play}
        data-testid="play"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => (isPlaying ? player.pause() : player.play())}
      >
        {isPlaying ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
      </button>
      <b ref={number} className="transport-frame" data-testid="frame-number" />
      <span ref={seconds} className="t2" />
      <span className="spring" />
      <button
        type="button"
        className="transport-part"
        data-testid="rate"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => player.setRate(rate >= 4 ? 0.25 : rate * 2)}
      >
        {rate}×
      </button>
      <button
        type="button"
        className="transport-part"
        aria-pressed={isLooping}
        data-testid="loop"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => player.setLooping(!isLooping)}
      >
        <Repeat className="icon" aria-hidden="true" /> {isLooping ? t.loopOn : t.loopOff}
      </button>
      <ActButton
        id="episode.undo"
        testId="undo"
        isSmall
        icon={<Undo2 className="icon" aria-hidden="true" />}
      />
    </div>
  )
}
