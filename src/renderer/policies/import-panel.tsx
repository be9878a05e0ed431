/** A new policy: a folder that is looked into before anything is done with it, or the address of a server. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import type { Services } from '../app/services.ts'
import { useMessages } from '../i18n/language.tsx'
import { Choice } from '../ui/choice.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { FaultNote } from '../ui/note.tsx'
import { faultOf } from './fault-of.ts'
import { ImportStart } from './import-start.tsx'
import { importMessages } from './import-messages.ts'
import { PathField } from './path-field.tsx'
import { policiesViewOf, usePoliciesView } from './policies-view.ts'
import { RemoteForm } from './remote-form.tsx'
import { ReportPanel } from './report-panel.tsx'

export function ImportPanel({ onAdded }: { onAdded: (policyId: string) => void }): ReactNode {
  const t = useMessages(importMessages)
  const [kind, setKind] = useState<'folder' | 'server'>('folder')
  return (
    <>
      <header>
        <h2 className="title">{t.importPolicy}</h2>
        <p className="desk-lead">{t.importLead}</p>
      </header>
      <Choice
        label={t.from}
        options={[
          { value: 'folder', label: t.fromFolder },
          { value: 'server', label: t.fromServer },
        ]}
        value={kind}
        onChange={setKind}
        testId="import-kind"
      />
      {kind === 'folder' ? <FolderForm /> : <RemoteForm onAdded={onAdded} />}
    </>
  )
}

async function inspect(
  services: Services,
  source: string,
  view: ReturnType<typeof policiesViewOf>,
): Promise<void> {
  view.setState({ isInspecting: true, inspected: null, inspectFault: null })
  const isStill = (): boolean => view.getState().source.trim() === source
  try {
    const report = await services.policyImport.inspect({ source })
    if (isStill()) view.setState({ inspected: { source, report } })
  } catch (error) {
    if (isStill()) view.setState({ inspectFault: faultOf(error) })
  } finally {
    view.setState({ isInspecting: false })
  }
}

function FolderForm(): ReactNode {
  const t = useMessages(importMessages)
  const app = useApp()
  const view = policiesViewOf(app)
  const { source, inspected, isInspecting, inspectFault } = usePoliciesView((now) => now)
  const look = (path: string): void => {
    const services = app.services()
    if (services !== null && path !== '' && !isInspecting) void inspect(services, path, view)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    look(source.trim())
  }
  return (
    <>
      <form className="import-form" onSubmit={submit}>
        <PathField
          value={source}
          onChange={(path) => view.setState({ source: path, inspected: null, inspectFault: null })}
          onTake={look}
        />
        <button
          type="submit"
          className={inspected === null ? 'btn btn-primary' : 'btn'}
          disabled={isInspecting || source.trim() === ''}
          data-testid="import-look"
        >
          {isInspecting ? t.looking : t.look} <KeyCap chord="Enter" />
        </button>
      </form>
      {inspectFault !== null && <FaultNote fault={inspectFault} testId="import-fault" />}
      {inspected !== null && (
        <>
          <ImportStart key={inspected.source} inspected={inspected} />
          <h3 className="subtitle">{t.found}</h3>
          <ReportPanel report={inspected.report} />
        </>
      )}
    </>
  )
}
