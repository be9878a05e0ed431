/** What a person does with the list: import, cancel, remove and bring back. */
import { useCallback, useEffect, useMemo } from 'react'
import type { PolicyEntry } from '#contract/services/policy.ts'
import type { App } from '../app/create-app.ts'
import type { ShownJob } from './import-jobs.ts'
import { policiesViewOf, usePoliciesView } from './policies-view.ts'

export interface PolicyActs {
  readonly openImport: () => void
  readonly cancelImport: (() => void) | null
  readonly remove: (entry: PolicyEntry) => void
  readonly undoRemove: (() => void) | null
}

export function usePolicyActs(app: App, job: ShownJob | null, look: () => void): PolicyActs {
  const view = policiesViewOf(app)
  const pane = usePoliciesView((now) => now.pane)
  const removed = usePoliciesView((now) => now.removed)
  const runningId = job?.job.status === 'running' ? job.job.jobId : null
  const openImport = useCallback(() => view.setState({ pane: 'import' }), [view])
  const cancelImport = useMemo(
    () =>
      runningId === null
        ? null
        : () => app.act(({ policyImport }) => policyImport.cancel({ jobId: runningId })),
    [app, runningId],
  )
  const remove = useCallback(
    ({ id: policyId, name }: PolicyEntry) =>
      app.act(async ({ policyImport }) => {
        await policyImport.remove({ policyId })
        view.setState({ policyId: null, removed: { policyId, name }, isToastShown: true })
        look()
      }),
    [app, view, look],
  )
  const undoRemove = useMemo(
    () =>
      removed === null
        ? null
        : () =>
            app.act(async ({ policyImport }) => {
              const { policyId } = removed
              await policyImport.undoRemove({ policyId })
              view.setState({ removed: null, isToastShown: false, policyId, pane: 'policy' })
              look()
            }),
    [app, view, removed, look],
  )
  // Esc gives up a running import that is looked at; else it closes what is in the middle.
  useEffect(() => {
    if (pane === 'policy') return undefined
    app.ui.setState({ closeOpen: cancelImport ?? (() => view.setState({ pane: 'policy' })) })
    return () => app.ui.setState({ closeOpen: null })
  }, [app, view, pane, cancelImport])
  return { openImport, cancelImport, remove, undoRemove }
}
