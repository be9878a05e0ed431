/** Which policy the screen looks at; stays while the person visits other screens. */
import { createStore, useStore } from 'zustand'
import { useApp } from '../app/app-context.tsx'
import { perApp } from '../ui/per-app.ts'

export interface PoliciesView {
  readonly policyId: string | null
}

export const policiesViewOf = perApp(() => createStore<PoliciesView>(() => ({ policyId: null })))

export const usePolicyId = (): string | null => useStore(policiesViewOf(useApp()), (view) => view.policyId)
