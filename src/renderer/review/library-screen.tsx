/** The library: datasets, episodes of one, and what is known of the chosen one. One selection, three depths. */
import { useId, type ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { useScopedCommands } from '../keys/command-registry.ts'
import { RefusalNote } from '../ui/refusal.tsx'
import { DatasetList } from './dataset-list.tsx'
import { DatasetPanel } from './dataset-panel.tsx'
import { LibraryInspector } from './library-inspector.tsx'
import { libraryCommands } from './library-commands.ts'
import { reviewMessages } from './messages.ts'
import { TrashToast } from './trash-toast.tsx'
import { useReview, useReviewParts } from './use-review.ts'

export function LibraryScreen(): ReactNode {
  const t = useMessages(reviewMessages)
  const app = useApp()
  const { model } = useReviewParts()
  const state = useReview((now) => now)
  const searchId = useId()
  useScopedCommands(
    app.registry,
    'review',
    libraryCommands({
      t,
      timers: app.timers,
      model,
      state,
      focusSearch: () => document.getElementById(searchId)?.focus(),
    }),
  )
  return (
    <div className="desk review">
      <DatasetList searchId={searchId} />
      <section className="desk-main review-main" data-region="episodes">
        <DatasetPanel />
        <TrashToast />
        <RefusalNote />
      </section>
      <aside className="desk-inspect" data-region="inspector">
        <LibraryInspector />
      </aside>
    </div>
  )
}
