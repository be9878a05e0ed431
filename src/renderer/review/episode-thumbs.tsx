/** First and last picture of an episode, as soon as they are made; until then the places they will have. */
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react'
import type { Thumbnails } from './thumbnail-shelf.ts'
import { useReviewParts } from './use-review.ts'

export function useThumbnails(dir: string, episodeIndex: number): Thumbnails | null {
  const { thumbnails } = useReviewParts()
  const generation = useSyncExternalStore(thumbnails.subscribe, () => thumbnails.generation)
  const pictures = useSyncExternalStore(thumbnails.subscribe, () => thumbnails.peek(dir, episodeIndex))
  useEffect(() => {
    // A new generation means that all pictures were let go, so they are asked for again.
    if (pictures === null && generation >= 0) return thumbnails.want(dir, episodeIndex)
    return undefined
  }, [thumbnails, dir, episodeIndex, pictures, generation])
  return pictures
}

export function Picture({
  picture,
  className,
}: {
  picture: ImageBitmap | null
  className?: string
}): ReactNode {
  const place = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const canvas = place.current
    // A picture that was closed meanwhile has no width.
    if (canvas === null || picture === null || picture.width === 0) return
    canvas.width = picture.width
    canvas.height = picture.height
    canvas.getContext('2d')?.drawImage(picture, 0, 0)
  }, [picture])
  return <canvas ref={place} className={className} width={4} height={3} aria-hidden="true" />
}

export function EpisodeThumbs({ dir, episodeIndex }: { dir: string; episodeIndex: number }): ReactNode {
  const pictures = useThumbnails(dir, episodeIndex)
  return (
    <span className="episode-thumbs">
      <Picture picture={pictures?.first ?? null} />
      <Picture picture={pictures?.last ?? null} />
    </span>
  )
}
