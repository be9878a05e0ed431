/** Asks the loaded policy what it foresees from what the cameras see now. Outside control: nothing moves. */
import { useCallback, useRef, useState } from 'react'
import type { PictureMessage, PolicyEntry, PolicySettings } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { recordedVectors } from '#core/policy/recorded-vectors.ts'
import { FaultError, type Fault } from '#core/result.ts'
import type { App } from '../app/create-app.ts'
import { pictureFrom } from '../foresight/rgb-picture.ts'
import { latestPose } from '../operate/instruments/latest-pose.ts'
import { faultOf } from './fault-of.ts'
import { cameraIn } from './mapping.ts'

export type Foreseen =
  | { readonly status: 'idle' | 'asking' }
  | { readonly status: 'failed'; readonly fault: Fault }
  | { readonly status: 'done'; readonly views: readonly PictureMessage[]; readonly tookMs: number | null }

export interface Foresee {
  readonly state: Foreseen
  readonly ask: () => void
  /** Where the live picture of a slot stands on the page. */
  readonly place: (slot: string, element: HTMLElement | null) => void
}

/** The arm as it is now in the policy's order and units. Fails with `policy/contract-mismatch`, or `control/…` where no servo reports. */
function presentState(app: App, entry: PolicyEntry, settings: PolicySettings): Float32Array<ArrayBuffer> {
  const joints = app.live.getState().rig?.arms.find((arm) => arm.role === 'follower')?.jointNames ?? []
  const pose = latestPose(app.telemetry, 'follower')
  if (pose === null) throw new FaultError({ code: 'control/not-allowed', message: 'the arm reports no pose' })
  const vector = recordedVectors(
    entry.contract?.state ?? [],
    {
      names: joints,
      width: joints.length,
      values: pose,
      units: joints.map((joint) => (joint.endsWith('gripper') ? 'range_0_1' : 'radians')),
    },
    settings.joints,
  )
  if (!vector.ok) throw new FaultError(vector.error)
  return Float32Array.from(vector.value)
}

export function useForesee(
  app: App,
  entry: PolicyEntry | null,
  settings: PolicySettings | null,
  rig: RigContract | null,
): Foresee {
  const places = useRef(new Map<string, HTMLElement>())
  const [known, setKnown] = useState<{ readonly policyId: string; readonly state: Foreseen } | null>(null)
  const ask = useCallback(() => {
    const services = app.services()
    if (services === null || entry === null || entry.contract === null || settings === null || rig === null)
      return
    const { id: policyId, contract, kind } = entry
    const set = (state: Foreseen): void => setKnown({ policyId, state })
    const run = async (): Promise<void> => {
      const present = contract.cameras.flatMap(({ name, width, height }) => {
        if (typeof cameraIn(name, settings, rig) !== 'string') return []
        const canvas = places.current.get(name)?.querySelector('canvas')
        const own = kind === 'onnx' ? { width, height } : undefined
        const picture = canvas === null || canvas === undefined ? null : pictureFrom(name, canvas, own)
        return picture === null ? [] : [picture]
      })
      const answer = await services.policy.predict({
        policyId,
        state: presentState(app, entry, settings),
        extras: {},
        past: present,
        present,
        task: app.live.getState().record?.task ?? '',
        seed: settings.seed ?? 0,
        hasForesight: true,
      })
      const stages = Object.values(answer.stagesMs)
      const tookMs = stages.length === 0 ? null : stages.reduce((sum, ms) => sum + ms, 0)
      set({ status: 'done', views: answer.foresight, tookMs })
    }
    set({ status: 'asking' })
    run().catch((error: unknown) => set({ status: 'failed', fault: faultOf(error) }))
  }, [app, entry, settings, rig])
  const place = useCallback((slot: string, element: HTMLElement | null) => {
    if (element === null) places.current.delete(slot)
    else places.current.set(slot, element)
  }, [])
  const state = known !== null && known.policyId === entry?.id ? known.state : ({ status: 'idle' } as const)
  return { state, ask, place }
}
