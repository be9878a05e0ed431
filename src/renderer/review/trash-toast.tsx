/** What was just moved to the trash, with the key that brings it back; gone after eight seconds, the key stays. */
import { useEffect, type ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { CommandKey } from '../operate/command-key.tsx'
import { reviewMessages } from './messages.ts'
import { useReview, useReviewParts } from './use-review.ts'

const shownMs = 8000

export function TrashToast(): ReactNode {
  const t = useMessages(reviewMessages)
  const app = useApp()
  const { model } = useReviewParts()
  const trashed = useReview((state) => state.trashed)
  useEffect(() => {
    if (trashed === null) return undefined
    const timer = app.timers.after(shownMs, () => model.store.setState({ trashed: null }))
    return () => timer[Symbol.dispose]()
  }, [app, model, trashed])
  if (trashed === null) return null
  return (
    <output className="toast" data-testid="undo-toast">
      {t.inTrash(trashed.count)}
      <button
        type="button"
        className="line-action"
        data-testid="undo-trash"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => model.undo()}
      >
        <CommandKey id="review.undo" />
        <CommandKey id="episode.undo" /> {t.undo}
      </button>
    </output>
  )
}
