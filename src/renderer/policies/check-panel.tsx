/** "Does it fit this rig?", line by line, with what to do beside each line that does not pass. */
import { Info } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { FaultNote } from '../ui/note.tsx'
import { CameraMapping } from './camera-mapping.tsx'
import { CheckTable } from './check-table.tsx'
import { shownLine } from './check-text.ts'
import { ContractPanel } from './contract-panel.tsx'
import { shownName } from './folder-name.ts'
import { JointMapping } from './joint-mapping.tsx'
import { policiesMessages } from './messages.ts'
import { setupMessages } from './setup-messages.ts'
import type { Policies } from './use-policies.ts'
import type { OwnSettings } from './use-policy-settings.ts'

export interface CheckPanelProps {
  readonly entry: PolicyEntry
  readonly policies: Policies
  readonly settings: OwnSettings
}

export function CheckPanel({ entry, policies, settings }: CheckPanelProps): ReactNode {
  const t = useMessages(policiesMessages)
  const app = useApp()
  const rigName = useLive((s) => s.rig?.rig?.name ?? '')
  const status = useLive((s) => s.policy?.status ?? 'none')
  const loadFault = useLive((s) => (s.policy?.loaded?.id === entry.id ? s.policy.fault : null))
  const { rig } = policies
  const checked = policies.checks[entry.id]
  const fault = loadFault ?? entry.fault ?? checked?.fault ?? settings.fault
  const isBroken = entry.contract === null
  return (
    <>
      <header className="row policy-head">
        <div>
          <h2 className="title">
            {isBroken ? shownName(entry) : rig === null ? t.expectsTitle : t.question}
          </h2>
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
          <>
            <ActButton id="policies.fix" testId="policy-fix" isPrimary />
            <ActButton id="policies.load" testId="policy-load" isPrimary />
          </>
        )}
      </header>
      {fault !== null && <FaultNote fault={fault} testId="policy-fault" />}
      <Lines entry={entry} policies={policies} settings={settings} />
      {!entry.isLearned && entry.contract !== null && (
        <p className="row t2 size-s policy-foot">
          <Info className="icon is-accent" aria-hidden="true" /> {t.analyticNote}
        </p>
      )}
    </>
  )
}

function Lines({ entry, policies, settings }: CheckPanelProps): ReactNode {
  const t = useMessages(policiesMessages)
  const s = useMessages(setupMessages)
  const { rig } = policies
  const { contract } = entry
  if (contract === null) return null
  const lines = policies.checks[entry.id]?.lines ?? null
  if (rig === null || lines === null) return <ContractPanel contract={contract} />
  const shown = lines.map((line) => shownLine(line, entry, rig, t))
  const { value, change } = settings
  const hasOrderTrouble = lines.some(({ id, status }) => id.endsWith('Order') && status === 'fail')
  const mends =
    value === null
      ? {}
      : Object.fromEntries(
          contract.cameras.map(({ name }) => [
            `camera.${name}`,
            <CameraMapping key={name} slot={name} settings={value} rig={rig} onChange={change} />,
          ]),
        )
  const isMapped = value !== null && Object.keys(value.joints).length > 0
  return (
    <>
      <CheckTable lines={shown} mends={mends} />
      {value !== null && (
        <JointMapping
          key={entry.id}
          contract={contract}
          settings={value}
          rig={rig}
          isOpen={hasOrderTrouble || isMapped}
          onChange={change}
        />
      )}
      {(contract.cameras.length > 0 || hasOrderTrouble) && (
        <p className="row t2 size-s">
          <Info className="icon is-accent" aria-hidden="true" /> {s.fixFoot}
        </p>
      )}
    </>
  )
}
