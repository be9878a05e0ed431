/** What runs beside the page: hosts with what they cost and how often they ended, versions, and the problem report. */
import type { ReactNode } from 'react'
import { useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { HostTable } from './host-table.tsx'
import { settingsMessages } from './messages.ts'
import { ProblemReport } from './problem-report.tsx'

export function SystemPanel(): ReactNode {
  const t = useMessages(settingsMessages)
  const info = useLive((s) => s.session?.info ?? null)
  return (
    <>
      <header>
        <h2 className="title">{t.system}</h2>
        <p className="desk-lead">{t.systemLead}</p>
      </header>
      <HostTable />
      <div className="settings-split">
        <ProblemReport />
        {info !== null && (
          <section className="section">
            <h3 className="heading">{t.versions}</h3>
            <dl className="pairs selectable" data-testid="versions">
              <dt>{t.foresight}</dt>
              <dd>{info.version}</dd>
              <dt>{t.shell}</dt>
              <dd>{info.shell}</dd>
              <dt>{t.node}</dt>
              <dd>{info.node}</dd>
              <dt>{t.platform}</dt>
              <dd>{info.platform}</dd>
              <dt>{t.dataFolder}</dt>
              <dd title={info.dataDir}>{info.dataDir}</dd>
              <dt>{t.page}</dt>
              <dd>{info.peer}</dd>
            </dl>
          </section>
        )}
      </div>
    </>
  )
}
