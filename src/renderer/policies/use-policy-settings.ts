/** What was set for the policy that is looked at; changes are in force at once and read back by the check. */
import { useCallback, useEffect, useState } from 'react'
import type { PolicySettings } from '#contract/services/policy.ts'
import type { Fault } from '#core/result.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import type { Services } from '../app/services.ts'
import { faultOf } from './fault-of.ts'

export interface OwnSettings {
  /** Null until read. */
  readonly value: PolicySettings | null
  readonly fault: Fault | null
  readonly isSaving: boolean
  readonly change: (settings: PolicySettings) => void
}

interface Known {
  readonly policyId: string
  readonly value: PolicySettings | null
  readonly fault: Fault | null
  readonly isSaving: boolean
}

/** Tells what is in force afterwards, whether the change was taken or refused; rejects when it was refused. */
async function configure(
  policy: Services['policy'],
  policyId: string,
  settings: PolicySettings,
  tell: (settings: PolicySettings) => void,
): Promise<void> {
  try {
    await policy.configure({ policyId, settings })
  } finally {
    tell(await policy.settings({ policyId }).catch(() => settings))
  }
}

/** `onChanged` runs after a change is in force. */
export function usePolicySettings(policyId: string | null, onChanged: () => void): OwnSettings {
  const app = useApp()
  const hasSession = useLive((s) => s.session !== null)
  const [known, setKnown] = useState<Known | null>(null)
  useEffect(() => {
    const services = app.services()
    if (services === null || policyId === null || !hasSession) return undefined
    let isGone = false
    const tell = (value: PolicySettings | null, fault: Fault | null): void => {
      if (!isGone) setKnown({ policyId, value, fault, isSaving: false })
    }
    services.policy.settings({ policyId }).then(
      (value) => tell(value, null),
      (error: unknown) => tell(null, faultOf(error)),
    )
    return () => {
      isGone = true
    }
  }, [app, hasSession, policyId])
  const change = useCallback(
    (settings: PolicySettings) => {
      if (policyId === null) return
      setKnown({ policyId, value: settings, fault: null, isSaving: true })
      app.act(({ policy }) =>
        configure(policy, policyId, settings, (value) => {
          setKnown((now) =>
            now?.policyId === policyId ? { policyId, value, fault: null, isSaving: false } : now,
          )
          onChanged()
        }),
      )
    },
    [app, policyId, onChanged],
  )
  const own = known !== null && known.policyId === policyId ? known : null
  return { value: own?.value ?? null, fault: own?.fault ?? null, isSaving: own?.isSaving ?? false, change }
}
