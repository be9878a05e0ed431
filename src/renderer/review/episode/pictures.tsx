/** All cameras of the same frame. A plate says how far each picture is from the joints; a camera that cannot be shown says why. */
import { useEffect, useRef, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { faultDetails, faultText } from '../../i18n/faults.ts'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import type { CameraTrack } from '../../video/camera-track.ts'
import { reviewMessages, type ReviewText } from '../messages.ts'
import type { EpisodeDesk } from './episode-desk.ts'
import type { PictureTiming } from './picture-timing.ts'
import { useOnPlayhead } from './playhead.ts'

export function Pictures({ desk }: { desk: EpisodeDesk }): ReactNode {
  const t = useMessages(reviewMessages)
  if (desk.videos.length === 0) return <p className="t2 episode-no-video">{t.noVideos}</p>
  return (
    <div className="episode-pictures" data-count={Math.min(4, desk.videos.length)}>
      {desk.videos.map((video) => (
        <CameraPicture key={video.camera} desk={desk} video={video} />
      ))}
    </div>
  )
}

/** How far a picture is from the joints of its row, in words. */
export function timingText(timing: PictureTiming | undefined, frame: number, t: ReviewText): string {
  const offset = timing?.offsetMs[frame]
  if (timing === undefined || offset === undefined || !Number.isFinite(offset)) return ''
  const ms = Math.round(offset)
  const words = ms === 0 ? t.onTime : ms < 0 ? t.early(-ms) : t.late(ms)
  return timing.isRepeat[frame] === 1 ? `${words} · ${t.repeated}` : words
}

function CameraPicture({ desk, video }: { desk: EpisodeDesk; video: CameraTrack }): ReactNode {
  const t = useMessages(reviewMessages)
  const language = useLanguage()
  const place = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const figures = useRef<HTMLSpanElement>(null)
  const fault = useStore(desk.faults, (faults) => faults[video.camera])
  const timing = desk.model.timing.find(({ camera }) => camera === video.camera)
  useEffect(() => {
    if (canvas.current === null) return undefined
    const shown = desk.player.show(video, canvas.current)
    return () => shown[Symbol.dispose]()
  }, [desk, video])
  useOnPlayhead(desk.playhead, ({ frame }) => {
    const words = timingText(timing, frame, t)
    if (figures.current !== null)
      figures.current.textContent = words === '' ? String(frame) : `${frame} · ${words}`
    place.current?.setAttribute('aria-label', t.cameraFrame(video.camera, frame))
  })
  return (
    <figure ref={place} className="episode-picture">
      <canvas ref={canvas} width={4} height={3} data-testid={`playback-${video.camera}`} />
      {fault !== undefined && (
        <p className="episode-trouble">
          <b>{[faultText(fault.code, language).what, ...faultDetails(fault).slice(0, 1)].join(': ')}</b>
          <span>{faultText(fault.code, language).todo}</span>
        </p>
      )}
      <figcaption className="plate">
        {video.camera}
        <span ref={figures} className="plate-figures" />
      </figcaption>
    </figure>
  )
}
