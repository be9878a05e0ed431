/** What the Policies screen looks at; stays while the person visits other screens. */
import { createStore, useStore, type StoreApi } from 'zustand'
import type { ImportReport } from '#contract/services/policy-import.ts'
import { useApp } from '../app/app-context.tsx'
import type { Fault } from '#core/result.ts'
import { perApp } from '../ui/per-app.ts'

/** A folder that was looked into before it is imported. */
export interface Inspected {
  readonly source: string
  readonly report: ImportReport
}

export interface PoliciesView {
  readonly policyId: string | null
  /** In the middle: a policy, the form that imports one, or a job. */
  readonly pane: 'policy' | 'import' | 'job'
  readonly tab: 'fit' | 'report'
  readonly jobId: string | null
  readonly source: string
  readonly inspected: Inspected | null
  readonly isInspecting: boolean
  readonly inspectFault: Fault | null
  /** Just removed: `Ctrl Z` brings it back. */
  readonly removed: { readonly policyId: string; readonly name: string } | null
  readonly isToastShown: boolean
}

export const policiesViewOf = perApp((): StoreApi<PoliciesView> =>
  createStore<PoliciesView>(() => ({
    policyId: null,
    pane: 'policy',
    tab: 'fit',
    jobId: null,
    source: '',
    inspected: null,
    isInspecting: false,
    inspectFault: null,
    removed: null,
    isToastShown: false,
  })),
)

export const usePoliciesView = <T>(select: (view: PoliciesView) => T): T =>
  useStore(policiesViewOf(useApp()), select)
