/** A larger picture from the middle of the chosen episode, made once the choice rests; `none` where it has no camera. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app-context.tsx'
import { firstTrack } from '../video/episode-tracks.ts'
import { useReviewParts } from './use-review.ts'

export interface MiddlePicture {
  readonly picture: ImageBitmap
  readonly camera: string
  readonly frame: number
  readonly frames: number
}

const widthPx = 480
/** Moving through the list does not decode every episode passed. */
const restMs = 150

export function useMiddlePicture(dir: string, episodeIndex: number): MiddlePicture | 'none' | null {
  const app = useApp()
  const { details } = useReviewParts()
  const [made, setMade] = useState<MiddlePicture | 'none' | null>(null)
  useEffect(() => {
    let isGone = false
    let mine: ImageBitmap | null = null
    const make = async (): Promise<void> => {
      const detail = await details.get(dir, episodeIndex)
      const client = app.services()?.library
      if (isGone || detail === null || client === undefined) return
      using pictures = firstTrack(detail, dir, client)
      if (pictures === null) return setMade('none')
      const frame = Math.floor(pictures.frames / 2)
      const picture = await pictures.thumbnail(frame, widthPx)
      if (!picture.ok) return
      if (isGone) return picture.value.close()
      mine = picture.value
      setMade({ picture: mine, camera: pictures.camera, frame, frames: pictures.frames })
    }
    // A fault is shown where the episode itself is; a list without a picture says enough.
    const timer = app.timers.after(restMs, () => void make().catch(() => undefined))
    return () => {
      isGone = true
      timer[Symbol.dispose]()
      mine?.close()
    }
  }, [app, details, dir, episodeIndex])
  return made
}
