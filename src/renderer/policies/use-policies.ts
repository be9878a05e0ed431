/** The policies of this machine, each checked against the connected rig. Read again when the policy host's state or the rig changes. */
import { useCallback, useEffect, useState } from 'react'
import { FaultError, type Fault } from '#core/result.ts'
import type { CheckLine, PolicyEntry } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import type { Services } from '../app/services.ts'
import { useApp, useLive } from '../app/app-context.tsx'

export interface Checked {
  readonly lines: readonly CheckLine[] | null
  readonly fault: Fault | null
}

export interface Policies {
  /** Null until they were read once. */
  readonly list: readonly PolicyEntry[] | null
  readonly fault: Fault | null
  /** Null without a connected rig. */
  readonly rig: RigContract | null
  readonly checks: Readonly<Record<string, Checked>>
  readonly look: () => void
}

const faultOf = (error: unknown): Fault =>
  error instanceof FaultError ? error.fault : { code: 'contract/internal', message: String(error) }

type Reading = Omit<Policies, 'look'>
const nothing: Reading = { list: null, fault: null, rig: null, checks: {} }

async function check(services: Services, entry: PolicyEntry, rig: RigContract): Promise<Checked> {
  if (entry.contract === null) return { lines: null, fault: null }
  try {
    return { lines: await services.policy.check({ policyId: entry.id, rig }), fault: null }
  } catch (error) {
    return { lines: null, fault: faultOf(error) }
  }
}

async function read(services: Services, hasRig: boolean): Promise<Reading> {
  try {
    const [list, rig] = await Promise.all([
      services.policy.list(undefined),
      hasRig ? services.rig.contract(undefined) : null,
    ])
    const checks: Record<string, Checked> = {}
    if (rig !== null) for (const entry of list) checks[entry.id] = await check(services, entry, rig)
    return { list, fault: null, rig, checks }
  } catch (error) {
    return { ...nothing, fault: faultOf(error) }
  }
}

export function usePolicies(): Policies {
  const app = useApp()
  const [asked, setAsked] = useState(0)
  const hasSession = useLive((s) => s.session !== null)
  const rigKey = useLive((s) => (s.rig?.status === 'connected' ? JSON.stringify(s.rig.rig) : ''))
  const loadedKey = useLive((s) => `${s.policy?.loaded?.id ?? ''} ${s.policy?.status ?? ''}`)
  /** What a reading was made for: another rig, another loaded policy or a wish to look again make it old. */
  const occasion = JSON.stringify([hasSession, rigKey, loadedKey, asked])
  const [state, setState] = useState<Reading & { readonly occasion: string }>({ ...nothing, occasion: '' })
  useEffect(() => {
    const services = app.services()
    if (services === null) return undefined
    let isGone = false
    void read(services, app.live.getState().rig?.status === 'connected').then((now) => {
      if (!isGone) setState({ ...now, occasion })
    })
    return () => {
      isGone = true
    }
  }, [app, occasion])
  const look = useCallback(() => setAsked((count) => count + 1), [])
  return { ...state, look }
}
