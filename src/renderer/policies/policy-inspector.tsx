/** Beside the check: measured cost, what it foresees, how it is set up here, what it is. */
import type { ReactNode } from 'react'
import type { PolicyEntry } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { ActButton } from '../ui/act-button.tsx'
import { BenchSection } from './bench-section.tsx'
import { CostPanel } from './cost-panel.tsx'
import { ExecutorSection } from './executor-section.tsx'
import { ForeseeSection } from './foresee-section.tsx'
import { PolicyFacts } from './policy-facts.tsx'
import { SetupSection } from './setup-section.tsx'
import type { Foresee } from './use-foresee.ts'
import type { OwnSettings } from './use-policy-settings.ts'

export interface PolicyInspectorProps {
  readonly entry: PolicyEntry
  readonly settings: OwnSettings
  readonly robots: readonly string[]
  readonly rig: RigContract | null
  readonly foresee: Foresee
}

export function PolicyInspector({ entry, settings, robots, rig, foresee }: PolicyInspectorProps): ReactNode {
  const { value, isSaving, change } = settings
  return (
    <>
      <CostPanel entry={entry} />
      {value !== null && rig !== null && (
        <ForeseeSection entry={entry} settings={value} rig={rig} foresee={foresee} />
      )}
      <PolicyFacts entry={entry} />
      {value !== null && (
        <SetupSection entry={entry} settings={value} robots={robots} isSaving={isSaving} onChange={change} />
      )}
      <ExecutorSection />
      {entry.contract !== null && <BenchSection entry={entry} />}
      <span className="spring" />
      <ActButton id="policies.unload" testId="policy-unload" />
      <ActButton id="policies.remove" testId="policy-remove" />
    </>
  )
}
