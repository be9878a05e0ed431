/** Policies: the list, "does it fit?" line by line, and what one inference call costs as measured. */
import { useCallback, type ReactNode } from 'react'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { useScopedCommands } from '../keys/command-registry.ts'
import { Choice } from '../ui/choice.tsx'
import '../ui/desk.css'
import { FaultNote, Note } from '../ui/note.tsx'
import { RefusalNote } from '../ui/refusal.tsx'
import { CheckPanel } from './check-panel.tsx'
import { failures } from './check-text.ts'
import { useImportJobs } from './import-jobs.ts'
import { ImportPanel } from './import-panel.tsx'
import { importMessages } from './import-messages.ts'
import { JobPanel } from './job-panel.tsx'
import { proposedSettings } from './mapping.ts'
import { policiesMessages } from './messages.ts'
import './policies.css'
import { policiesViewOf, usePoliciesView } from './policies-view.ts'
import { policyCommands } from './policy-commands.ts'
import { PolicyInspector } from './policy-inspector.tsx'
import { PolicyList } from './policy-list.tsx'
import { RemoveToast } from './remove-toast.tsx'
import { ReportPanel } from './report-panel.tsx'
import { setupMessages } from './setup-messages.ts'
import './setup.css'
import { useForesee } from './use-foresee.ts'
import { usePolicies } from './use-policies.ts'
import { usePolicyActs } from './use-policy-acts.ts'
import { usePolicySettings } from './use-policy-settings.ts'
import { useReport } from './use-report.ts'

export function PoliciesScreen(): ReactNode {
  const t = useMessages(policiesMessages)
  const s = useMessages(setupMessages)
  const i = useMessages(importMessages)
  const app = useApp()
  const policies = usePolicies()
  const view = usePoliciesView((now) => now)
  const policy = useLive((live) => live.policy)
  const drive = useLive((live) => live.drive)
  const hasRig = useLive((live) => live.rig?.status === 'connected')
  const dataDir = useLive((live) => live.session?.info.dataDir ?? '')
  const { look, rig } = policies
  const pick = useCallback(
    (policyId: string) => policiesViewOf(app).setState({ policyId, pane: 'policy' }),
    [app],
  )
  const onAdded = useCallback(
    (policyId: string) => {
      pick(policyId)
      look()
    },
    [pick, look],
  )
  const jobs = useImportJobs(onAdded)
  const list = policies.list ?? []
  const wanted = view.policyId ?? policy?.loaded?.id
  const entry = list.find((candidate) => candidate.id === wanted) ?? list[0] ?? null
  const job = view.pane === 'job' ? (jobs.find(({ job: { jobId } }) => jobId === view.jobId) ?? null) : null
  const pane = view.pane === 'job' && job === null ? 'policy' : view.pane

  const settings = usePolicySettings(entry?.id ?? null, look)
  const report = useReport(entry)
  const foresee = useForesee(app, entry, settings.value, rig)
  const acts = usePolicyActs(app, job, look)
  const failing = entry === null ? 0 : failures(policies.checks[entry.id]?.lines ?? [])
  const proposed =
    failing > 0 && entry?.contract != null && rig !== null && settings.value !== null
      ? proposedSettings(entry.contract, rig, settings.value)
      : null
  const fix = proposed === null ? null : { title: s.fixAll(failing), run: () => settings.change(proposed) }
  useScopedCommands(
    app.registry,
    'policies',
    policyCommands({
      app,
      t,
      policies,
      entry: pane === 'policy' ? entry : null,
      policy,
      drive,
      hasRig,
      pick,
      fix: pane === 'policy' ? fix : null,
      foresee: settings.value === null || rig === null ? null : foresee.ask,
      ...acts,
    }),
  )
  return (
    <div className="desk policies">
      <PolicyList
        policies={policies}
        jobs={jobs}
        selected={pane === 'policy' ? (entry?.id ?? null) : null}
        onPick={pick}
      />
      <section className="desk-main" data-region="policy">
        {policies.fault !== null && <FaultNote fault={policies.fault} />}
        {pane === 'import' && <ImportPanel onAdded={onAdded} />}
        {job !== null && <JobPanel shown={job} />}
        {pane === 'policy' && entry !== null && (
          <>
            {entry.kind === 'internvla-a1' && (
              <Choice
                label={s.view}
                options={[
                  { value: 'fit', label: s.fit },
                  { value: 'report', label: s.report },
                ]}
                value={view.tab}
                onChange={(tab) => policiesViewOf(app).setState({ tab })}
                testId="policy-tab"
              />
            )}
            {view.tab === 'report' && entry.kind === 'internvla-a1' ? (
              report === null ? (
                <p className="t2">{i.noReport}</p>
              ) : (
                <ReportPanel report={report} />
              )
            ) : (
              <CheckPanel entry={entry} policies={policies} settings={settings} />
            )}
          </>
        )}
        {pane === 'policy' && policies.list?.length === 0 && (
          <Note title={t.none}>
            <p className="t2 selectable">{t.noneTodo(`${dataDir}/policies`)}</p>
          </Note>
        )}
        <RemoveToast onUndo={() => acts.undoRemove?.()} />
        <RefusalNote />
      </section>
      <aside className="desk-inspect" data-region="inspector">
        {pane === 'policy' && entry !== null && (
          <PolicyInspector
            key={entry.id}
            entry={entry}
            settings={settings}
            robots={report?.robots ?? []}
            rig={rig}
            foresee={foresee}
          />
        )}
      </aside>
    </div>
  )
}
