/** Lanes and joints on one time axis: names left, values at the playhead right, and one white line through all. Drag anywhere to move it. */
import { useCallback, useMemo, useRef, type PointerEvent, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'
import { reviewMessages } from '../messages.ts'
import { xOf } from './draw-channel.ts'
import { drawTiming } from './draw-timing.ts'
import type { EpisodeDesk } from './episode-desk.ts'
import { JointRow } from './joint-row.tsx'
import type { OpenLoopDesk } from './open-loop/open-loop.ts'
import { storedSurprise, SurpriseLane } from './open-loop/surprise-lane.tsx'
import { worstOffsetMs } from './picture-timing.ts'
import { PlotCanvas, type Plot } from './plot-canvas.tsx'
import { useOnPlayhead } from './playhead.ts'
import { SourceLane } from './source-lane.tsx'
import { sourceAt } from './source-segments.ts'
import './timeline.css'
import { ValueCell } from './value-cell.tsx'

export function Timeline({ desk, openLoop }: { desk: EpisodeDesk; openLoop: OpenLoopDesk }): ReactNode {
  const t = useMessages(reviewMessages)
  const { model, player } = desk
  const { segments, timing, channels, frames } = model
  const drawPictureTiming = useCallback((plot: Plot) => drawTiming(plot, timing), [timing])
  const axis = useRef<HTMLDivElement>(null)
  const predicted = useStore(openLoop.store, (state) => state.result?.predicted ?? null)
  const surprise = useMemo(() => storedSurprise(desk), [desk])
  const lanes = [segments.length > 0, timing.length > 0, surprise !== null].filter(Boolean).length
  const rows = `${lanes > 0 ? `repeat(${lanes}, var(--lane)) ` : ''}minmax(0, 1fr)`
  const seekTo = (event: PointerEvent): void => {
    const box = axis.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return
    player.seek(((event.clientX - box.left) / box.width) * (frames - 1))
  }
  return (
    <div className="timeline" style={{ gridTemplateRows: rows }}>
      {segments.length > 0 && (
        <>
          <span className="timeline-name">{t.whoDrove}</span>
          <SourceLane desk={desk} />
          <ValueCell
            playhead={desk.playhead}
            text={(frame) => {
              const source = sourceAt(segments, frame)
              return source === null ? '' : t[source]
            }}
          />
        </>
      )}
      {surprise !== null && <SurpriseLane desk={desk} values={surprise} />}
      {timing.length > 0 && (
        <>
          <span className="timeline-name" title={t.timingHint}>
            {t.pictureTiming}
          </span>
          <div className="timeline-lane" title={t.timingHint}>
            <PlotCanvas label={`${t.pictureTiming}. ${t.timingHint}`} draw={drawPictureTiming} />
          </div>
          <ValueCell
            playhead={desk.playhead}
            text={(frame) => {
              const worst = worstOffsetMs(timing, frame)
              return worst === null ? '' : `${fixed(worst, 0)} ms`
            }}
          />
        </>
      )}
      <div className="timeline-joints" data-many={channels.length > 8 ? '' : undefined}>
        {channels.map((channel) => (
          <JointRow
            key={`${channel.index} ${channel.joint}`}
            desk={desk}
            channel={channel}
            predicted={predicted?.get(channel.joint) ?? null}
          />
        ))}
      </div>
      <div
        ref={axis}
        className="timeline-axis"
        title={t.seekHint}
        data-testid="timeline"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          seekTo(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event)
        }}
      >
        <PlayheadLine desk={desk} />
      </div>
    </div>
  )
}

/** Moves by transform: a frame costs no layout and no drawing of the plots. */
function PlayheadLine({ desk }: { desk: EpisodeDesk }): ReactNode {
  const line = useRef<HTMLDivElement>(null)
  const { frames } = desk.model
  useOnPlayhead(desk.playhead, ({ frame }) => {
    if (line.current !== null) line.current.style.transform = `translateX(${xOf(frame, frames, 100)}%)`
  })
  return (
    <div ref={line} className="playhead">
      <i />
    </div>
  )
}
