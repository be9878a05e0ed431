/** The policies of this machine, each checked against the connected rig. Read again when the policy host's state or the rig changes. */
import { useCallback, useEffect, useState } from 'react'
import { recordedVectors } from '#core/policy/recorded-vectors.ts'
import type { Fault } from '#core/result.ts'
import type { CheckLine, PolicyEntry } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import type { Services } from '../app/services.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { latestPose } from '../operate/instruments/latest-pose.ts'
import { faultOf } from './fault-of.ts'

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

type Reading = Omit<Policies, 'look'>
const nothing: Reading = { list: null, fault: null, rig: null, checks: {} }

/** What is checked beside names and units: the instruction, and where the arm is now. */
interface Moment {
  readonly task: string | null
  readonly state: Readonly<Record<string, number>> | null
}

/** The arm's pose by channel of the rig, in its units; null while it is not known or a unit needs a calibration. */
export function stateOf(
  rig: Pick<RigContract, 'state'>,
  joints: readonly string[],
  pose: readonly number[] | null,
): Readonly<Record<string, number>> | null {
  if (pose === null) return null
  const vector = recordedVectors(rig.state, {
    names: joints,
    width: joints.length,
    values: pose,
    units: joints.map((joint) => (joint.endsWith('gripper') ? 'range_0_1' : 'radians')),
  })
  if (!vector.ok) return null
  return Object.fromEntries(rig.state.map(({ name }, index) => [name, vector.value[index] ?? Number.NaN]))
}

async function check(
  services: Services,
  entry: PolicyEntry,
  rig: RigContract,
  moment: Moment,
): Promise<Checked> {
  if (entry.contract === null) return { lines: null, fault: null }
  try {
    return { lines: await services.policy.check({ policyId: entry.id, rig, ...moment }), fault: null }
  } catch (error) {
    return { lines: null, fault: faultOf(error) }
  }
}

async function read(
  services: Services,
  hasRig: boolean,
  momentOf: (rig: RigContract) => Moment,
): Promise<Reading> {
  try {
    const [list, rig] = await Promise.all([
      services.policy.list(undefined),
      hasRig ? services.rig.contract(undefined) : null,
    ])
    const checks: Record<string, Checked> = {}
    if (rig !== null)
      for (const entry of list) checks[entry.id] = await check(services, entry, rig, momentOf(rig))
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
    const momentOf = (rig: RigContract): Moment => {
      const { record, rig: told } = app.live.getState()
      const joints = told?.arms.find((arm) => arm.role === 'follower')?.jointNames ?? []
      const state = stateOf(rig, joints, latestPose(app.telemetry, 'follower'))
      return { task: record?.task ?? null, state }
    }
    void read(services, app.live.getState().rig?.status === 'connected', momentOf).then((now) => {
      if (!isGone) setState({ ...now, occasion })
    })
    return () => {
      isGone = true
    }
  }, [app, occasion])
  const look = useCallback(() => setAsked((count) => count + 1), [])
  return { ...state, look }
}
