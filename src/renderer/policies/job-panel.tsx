/** One import in the middle: how far it is, or why it did not work and what to do. */
import type { ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { FaultNote, Note } from '../ui/note.tsx'
import { ActButton } from '../ui/act-button.tsx'
import type { ShownJob } from './import-jobs.ts'
import { importMessages } from './import-messages.ts'
import { JobProgress } from './job-progress.tsx'
import { policiesViewOf } from './policies-view.ts'

export function JobPanel({ shown }: { shown: ShownJob }): ReactNode {
  const t = useMessages(importMessages)
  const app = useApp()
  const { job } = shown
  const again = (
    <button
      type="button"
      className="btn"
      data-testid="job-again"
      onClick={() =>
        policiesViewOf(app).setState({
          pane: 'import',
          source: job.source,
          inspected: null,
          inspectFault: null,
        })
      }
    >
      {t.tryAgain}
    </button>
  )
  return (
    <>
      <header>
        <h2 className="title">{job.name}</h2>
        <p className="desk-lead selectable">{job.source}</p>
      </header>
      {job.status === 'running' && (
        <div className="col job-large" data-testid="job-running">
          <JobProgress shown={shown} />
          <span>
            <ActButton id="policies.cancelImport" testId="job-cancel" isSmall />
          </span>
        </div>
      )}
      {job.status === 'failed' && job.fault !== null && (
        <FaultNote fault={job.fault} testId="job-fault">
          {again}
        </FaultNote>
      )}
      {job.status === 'cancelled' && (
        <Note title={t.cancelledTitle} testId="job-cancelled">
          <p className="t2">{t.cancelledLead}</p>
          <div className="note-acts">{again}</div>
        </Note>
      )}
    </>
  )
}
