/** What the chunk at the playhead foresaw half a second on, above what came at that frame. In place of the pictures. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { foresightFrames } from '#core/policy/open-loop.ts'
import { PictureCanvas } from '../../../foresight/picture-canvas.tsx'
import { useMessages } from '../../../i18n/language.tsx'
import type { CameraTrack } from '../../../video/camera-track.ts'
import type { EpisodeDesk } from '../episode-desk.ts'
import { useOnPlayhead } from '../playhead.ts'
import { openLoopMessages } from './messages.ts'
import type { OpenLoopResult } from './open-loop-state.ts'

export interface ForesightPairsProps {
  readonly desk: EpisodeDesk
  readonly result: OpenLoopResult
}

/** The decoders are the player's: it shows no picture meanwhile. */
export function ForesightPairs({ desk, result }: ForesightPairsProps): ReactNode {
  const [start, setStart] = useState<number | null>(() => result.startOf(desk.playhead.state.frame))
  useOnPlayhead(desk.playhead, ({ frame }) => setStart(result.startOf(frame)))
  const slots = Object.entries(result.cameras)
  return (
    <div
      className="episode-pictures foresight-pairs"
      data-count={Math.min(4, slots.length)}
      data-testid="foresight-pairs"
    >
      {slots.map(([slot, camera]) => {
        const video = desk.videos.find((candidate) => candidate.camera === camera)
        return video === undefined ? null : (
          <Pair key={slot} slot={slot} video={video} start={start} result={result} />
        )
      })}
    </div>
  )
}

interface PairProps {
  readonly slot: string
  readonly video: CameraTrack
  readonly start: number | null
  readonly result: OpenLoopResult
}

function Pair({ slot, video, start, result }: PairProps): ReactNode {
  const t = useMessages(openLoopMessages)
  const came = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null)
  const due = start === null ? null : start + foresightFrames
  const isThere = due !== null && due < result.frames
  useEffect(() => {
    const canvas = came.current
    if (canvas === null || due === null || !isThere) return undefined
    let isGone = false
    void video.draw(due, canvas).then(() => {
      if (!isGone) setSize({ width: canvas.width, height: canvas.height })
    })
    return () => {
      isGone = true
    }
  }, [video, due, isThere])
  const view =
    start === null ? undefined : result.foresight.get(start)?.find((picture) => picture.camera === slot)
  const { camera } = video
  return (
    <div className="foresight-pair">
      <figure className="episode-picture foresight-tile">
        {view === undefined || due === null || start === null ? (
          <p className="camera-waiting">{t.noForesightHere}</p>
        ) : (
          <>
            <PictureCanvas picture={view} camera={size} label={t.foreseenLabel(camera, due, start)} />
            <figcaption className="plate plate-foresight">{t.foreseen(due)}</figcaption>
          </>
        )}
      </figure>
      <figure className="episode-picture">
        <canvas
          ref={came}
          width={4}
          height={3}
          hidden={!isThere}
          aria-label={t.cameLabel(camera, due ?? 0)}
        />
        <figcaption className="plate">
          {camera}
          {isThere && <span className="plate-figures">{t.came(due)}</span>}
        </figcaption>
      </figure>
    </div>
  )
}
