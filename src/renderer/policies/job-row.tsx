/** An import in the list: its step and how far it is, or that it did not work. */
import { Download, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import type { ShownJob } from './import-jobs.ts'
import { importMessages } from './import-messages.ts'
import { JobProgress } from './job-progress.tsx'
import { usePoliciesView } from './policies-view.ts'

export function JobRow({ shown, onPick }: { shown: ShownJob; onPick: () => void }): ReactNode {
  const t = useMessages(importMessages)
  const isOpen = usePoliciesView((view) => view.pane === 'job' && view.jobId === shown.job.jobId)
  const { job } = shown
  return (
    <button
      type="button"
      className="desk-item"
      aria-current={isOpen ? 'true' : undefined}
      data-testid={`job-row-${job.jobId}`}
      data-status={job.status}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <Download className="icon" aria-hidden="true" />
      <span className="desk-item-text">
        <span className="policy-name">
          <b className="cut">{job.name}</b>
          {job.status === 'running' && <span className="desk-item-state is-accent">{t.importing}</span>}
          {job.status === 'failed' && (
            <span className="desk-item-state is-bad">
              <X className="icon" aria-hidden="true" />
              {t.importFailed}
            </span>
          )}
          {job.status === 'cancelled' && <span className="desk-item-state t2">{t.cancelled}</span>}
        </span>
        {job.status === 'running' ? (
          <JobProgress shown={shown} />
        ) : (
          <span className="size-s t2 cut">{job.source}</span>
        )}
      </span>
    </button>
  )
}
