/** Review: the library, or the episode that is open. */
import type { ReactNode } from 'react'
import '../ui/desk.css'
import { EpisodeScreen } from './episode/episode-screen.tsx'
import { LibraryScreen } from './library-screen.tsx'
import './review.css'
import { useFreshReview, useReview } from './use-review.ts'

export function ReviewScreen(): ReactNode {
  useFreshReview()
  const open = useReview((state) => state.open)
  const dir = useReview((state) => state.dir)
  const edition = useReview((state) => state.edition)
  return open === null || dir === null ? (
    <LibraryScreen />
  ) : (
    <EpisodeScreen key={`${open} ${edition} ${dir}`} dir={dir} episodeIndex={open} />
  )
}
