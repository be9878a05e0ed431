/** The report that was written when a policy was imported; null where there is none. */
import { useEffect, useState } from 'react'
import type { ImportReport } from '#contract/services/policy-import.ts'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { useApp, useLive } from '../app/app-context.tsx'

export function useReport(entry: PolicyEntry | null): ImportReport | null {
  const app = useApp()
  const hasSession = useLive((s) => s.session !== null)
  const policyId = entry?.kind === 'internvla-a1' ? entry.id : null
  const [known, setKnown] = useState<{ readonly policyId: string; readonly report: ImportReport } | null>(
    null,
  )
  useEffect(() => {
    const services = app.services()
    if (services === null || policyId === null || !hasSession) return undefined
    let isGone = false
    services.policyImport.report({ policyId }).then(
      (report) => {
        if (!isGone) setKnown({ policyId, report })
      },
      // Policies that were put here by hand have none; the panel says so.
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [app, hasSession, policyId])
  return known !== null && known.policyId === policyId ? known.report : null
}
