/** How components reach the review: one model per app, kept fresh while its screen is open. */
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useApp, useLive } from '../app/app-context.tsx'
import { keepSubscribed } from '../app/keep-subscribed.ts'
import { perApp } from '../ui/per-app.ts'
import { EpisodeDetails } from './episode-details.ts'
import { ReviewModel } from './review-model.ts'
import type { ReviewState } from './review-state.ts'
import { ThumbnailShelf } from './thumbnail-shelf.ts'

interface Review {
  readonly model: ReviewModel
  readonly details: EpisodeDetails
  readonly thumbnails: ThumbnailShelf
}

const reviewOf = perApp((app): Review => {
  const details = new EpisodeDetails(() => app.services()?.library ?? null)
  return {
    model: new ReviewModel(app),
    details,
    thumbnails: new ThumbnailShelf(details, () => app.services()?.library ?? null),
  }
})

export const useReviewParts = (): Review => reviewOf(useApp())

export const useReview = <T>(select: (state: ReviewState) => T): T =>
  useStore(reviewOf(useApp()).model.store, select)

/** Reads again when the library changed, when a take was saved beside it, and when the link came back. */
export function useFreshReview(): void {
  const app = useApp()
  const { model, details, thumbnails } = useReviewParts()
  const session = useLive((s) => s.session)
  const savedTakes = useLive((s) => s.record?.session.filter((take) => take.state === 'saved').length ?? 0)
  useEffect(() => {
    if (session === null) return undefined
    return keepAlive(
      keepSubscribed(app.timers, session.services.library.changes, undefined, () => {
        details.forget()
        thumbnails.forget()
        void model.refresh()
      }),
    )
  }, [app, session, model, details, thumbnails])
  useEffect(() => {
    if (session !== null && savedTakes >= 0) void model.refresh()
  }, [session, savedTakes, model])
}

const keepAlive = (subscription: Disposable) => (): void => subscription[Symbol.dispose]()
