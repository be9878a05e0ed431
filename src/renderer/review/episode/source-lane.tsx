/** Who drove, in the order of time. A segment is a button: it goes to where it begins. */
import type { ReactNode } from 'react'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { reviewMessages } from '../messages.ts'
import { xOf } from './draw-channel.ts'
import type { EpisodeDesk } from './episode-desk.ts'

/** A name needs this share of the lane to be readable. */
const namedShare = 0.06

export function SourceLane({ desk }: { desk: EpisodeDesk }): ReactNode {
  const t = useMessages(reviewMessages)
  const { segments, frames, fps } = desk.model
  return (
    <div className="timeline-lane source-lane" data-testid="source-lane">
      {segments.map(({ source, from, to }) => {
        const left = xOf(from, frames, 100)
        const width = xOf(Math.min(to, frames - 1), frames, 100) - left
        return (
          <button
            key={from}
            type="button"
            data-source={source}
            style={{ left: `${left}%`, width: `${width}%` }}
            aria-label={t.segment(t[source], fixed(from / fps, 1), fixed(to / fps, 1))}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => desk.player.seek(from)}
          >
            {width > namedShare * 100 && t[source]}
          </button>
        )
      })}
    </div>
  )
}
