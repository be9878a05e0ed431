/** The text for a bug report, on the clipboard; where the browser does not allow that, in a field to copy from. */
import { ClipboardCopy } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { settingsMessages } from './messages.ts'

interface Report {
  readonly text: string
  readonly isCopied: boolean
}

export function ProblemReport(): ReactNode {
  const t = useMessages(settingsMessages)
  const app = useApp()
  const [report, setReport] = useState<Report | null>(null)
  const make = (): void =>
    app.act(async (services) => {
      const { text } = await services.shell.problemReport(undefined)
      const isCopied = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      )
      setReport({ text, isCopied })
    })
  return (
    <section className="section">
      <h3 className="heading">{t.report}</h3>
      <p className="t2">{t.reportLead}</p>
      <div className="row">
        <button type="button" className="btn" data-testid="problem-report" onClick={make}>
          <ClipboardCopy className="icon" aria-hidden="true" /> {t.makeReport}
        </button>
        {report?.isCopied === true && (
          <output className="is-ok">{t.copied(report.text.split('\n').length)}</output>
        )}
      </div>
      {report !== null && !report.isCopied && (
        <>
          <p className="is-warn size-s">{t.notCopied}</p>
          <textarea
            className="report-text"
            readOnly
            value={report.text}
            aria-label={t.reportText}
            data-testid="problem-report-text"
            onFocus={(event) => event.target.select()}
          />
        </>
      )}
    </section>
  )
}
