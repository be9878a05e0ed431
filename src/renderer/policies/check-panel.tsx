/** "Does it fit this rig?", line by line, with what to do beside each line that does not pass. */
import { Check, Info, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { FaultNote } from '../ui/note.tsx'
import { shownLine, type ShownLine } from './check-text.ts'
import { ContractPanel } from './contract-panel.tsx'
import { policiesMessages, type PoliciesText } from './messages.ts'
import type { Policies } from './use-policies.ts'

export function CheckPanel({ entry, policies }: { entry: PolicyEntry; policies: Policies }): ReactNode {
  const t = useMessages(policiesMessages)
  const app = useApp()
  const rigName = useLive((s) => s.rig?.rig?.name ?? '')
  const status = useLive((s) => s.policy?.status ?? 'none')
  const loadFault = useLive((s) => (s.policy?.loaded?.id === entry.id ? s.policy.fault : null))
  const { rig } = policies
  const checked = policies.checks[entry.id]
  const fault = loadFault ?? entry.fault ?? checked?.fault ?? null
  const isBroken = entry.contract === null
  const lines = rig === null ? null : (checked?.lines?.map((line) => shownLine(line, entry, rig, t)) ?? null)
  return (
    <>
      <header className="row policy-head">
        <div>
          <h2 className="title">{isBroken ? entry.name : rig === null ? t.expectsTitle : t.question}</h2>
          <p className="desk-lead">
            {isBroken ? t.broken : rig === null ? t.noRig(entry.name) : t.onRig(entry.name, rigName)}
          </p>
        </div>
        <span className="spring" />
        {rig === null && !isBroken && (
          <button
            type="button"
            className="btn"
            data-testid="policy-connect-rig"
            onClick={() => app.ui.setState({ screen: 'rig' })}
          >
            {t.goToRig}
          </button>
        )}
        {status === 'loading' || status === 'warming' ? (
          <output className="is-accent nowrap">{t[status]}</output>
        ) : (
          <ActButton id="policies.load" testId="policy-load" isPrimary />
        )}
      </header>
      {fault !== null && <FaultNote fault={fault} testId="policy-fault" />}
      {lines !== null && <CheckTable lines={lines} t={t} />}
      {lines === null && entry.contract !== null && <ContractPanel contract={entry.contract} />}
      {!entry.isLearned && entry.contract !== null && (
        <p className="row t2 size-s policy-foot">
          <Info className="icon is-accent" aria-hidden="true" /> {t.analyticNote}
        </p>
      )}
    </>
  )
}

const glyphs = {
  ok: <Check className="icon is-ok" aria-hidden="true" />,
  warn: <TriangleAlert className="icon is-warn" aria-hidden="true" />,
  fail: <X className="icon is-bad" aria-hidden="true" />,
} as const

const words = { ok: 'passes', warn: 'warns', fail: 'fails' } as const
const tones = { ok: 't2', warn: 'is-warn', fail: 'is-bad' } as const

const CheckTable = ({ lines, t }: { lines: readonly ShownLine[]; t: PoliciesText }): ReactNode => (
  <table className="grid-table policy-check">
    <thead>
      <tr>
        <th scope="col" colSpan={2} aria-label={t.line} />
        <th scope="col">{t.policyExpects}</th>
        <th scope="col">{t.thisRig}</th>
      </tr>
    </thead>
    <tbody>
      {lines.map((line) => (
        <tr key={line.id} data-testid={`check-${line.id}`} data-status={line.status}>
          <td>
            {glyphs[line.status]}
            <span className="visually-hidden">{t[words[line.status]]}</span>
          </td>
          <th scope="row">
            {line.name} {line.of !== '' && <span className="t2">{line.of}</span>}
          </th>
          <td className="t2">{line.expected}</td>
          <td className={tones[line.status]}>
            {line.actual}
            {line.fix !== '' && <span className="policy-fix">{line.fix}</span>}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
