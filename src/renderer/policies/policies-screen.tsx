/** Policies: the list, "does it fit?" line by line, and what one inference call costs as measured. */
import { useCallback, type ReactNode } from 'react'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { useScopedCommands } from '../keys/command-registry.ts'
import '../ui/desk.css'
import { FaultNote, Note } from '../ui/note.tsx'
import { RefusalNote } from '../ui/refusal.tsx'
import { CheckPanel } from './check-panel.tsx'
import { CostPanel } from './cost-panel.tsx'
import { policiesMessages } from './messages.ts'
import './policies.css'
import { policiesViewOf, usePolicyId } from './policies-view.ts'
import { policyCommands } from './policy-commands.ts'
import { PolicyList } from './policy-list.tsx'
import { usePolicies } from './use-policies.ts'

export function PoliciesScreen(): ReactNode {
  const t = useMessages(policiesMessages)
  const app = useApp()
  const policies = usePolicies()
  const policyId = usePolicyId()
  const policy = useLive((s) => s.policy)
  const drive = useLive((s) => s.drive)
  const hasRig = useLive((s) => s.rig?.status === 'connected')
  const dataDir = useLive((s) => s.session?.info.dataDir ?? '')
  const pick = useCallback((id: string) => policiesViewOf(app).setState({ policyId: id }), [app])
  const list = policies.list ?? []
  const wanted = policyId ?? policy?.loaded?.id
  const entry = list.find((candidate) => candidate.id === wanted) ?? list[0] ?? null
  useScopedCommands(
    app.registry,
    'policies',
    policyCommands({ app, t, policies, entry, policy, drive, hasRig, pick }),
  )
  return (
    <div className="desk policies">
      <PolicyList policies={policies} selected={entry?.id ?? null} onPick={pick} />
      <section className="desk-main" data-region="policy">
        {policies.fault !== null && <FaultNote fault={policies.fault} />}
        {entry !== null && <CheckPanel entry={entry} policies={policies} />}
        {policies.list?.length === 0 && (
          <Note title={t.none}>
            <p className="t2 selectable">{t.noneTodo(`${dataDir}/policies`)}</p>
          </Note>
        )}
        <RefusalNote />
      </section>
      <aside className="desk-inspect" data-region="inspector">
        {entry !== null && <CostPanel entry={entry} />}
      </aside>
    </div>
  )
}
