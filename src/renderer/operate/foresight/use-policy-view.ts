/** Whether the stage shows the policy view, with which of the rig's cameras, and whether predictions stand under them. */
import { useMemo } from 'react'
import { useLive, useUi } from '../../app/app-context.tsx'
import { cameraOfView } from './foresight-state.ts'
import { useForesight } from './foresight-store.ts'

export interface PolicyView {
  /** The policy drives, or is about to. */
  readonly isPolicy: boolean
  /** The rig's cameras that the policy sees, in its order; null where it sees none or that is not known. */
  readonly cameras: readonly string[] | null
  /** It predicts pictures. */
  readonly foresees: boolean
  readonly view: 'beside' | 'over' | 'off'
}

const none: readonly { readonly name: string }[] = []

export function usePolicyView(): PolicyView {
  const isPolicy = useLive((s) => s.drive?.mode === 'policy' || s.drive?.mode === 'blend')
  const rigCameras = useLive((s) => s.rig?.rig?.cameras) ?? none
  const entry = useLive((s) =>
    s.policy?.loaded?.id === s.drive?.policy?.id ? (s.policy?.loaded ?? null) : null,
  )
  const settings = useForesight((state) => state.settings)
  const hasPrediction = useForesight((state) => state.prediction !== null)
  const view = useUi((ui) => ui.foresight)
  const names = rigCameras.map(({ name }) => name).join('\n')
  const cameras = useMemo(() => {
    const rig = names.split('\n')
    const seen = (entry?.contract?.cameras ?? []).flatMap(({ name }) => {
      if (settings?.cameras[name] === null) return []
      const camera = cameraOfView(name, rig, settings)
      return camera === null ? [] : [camera]
    })
    return seen.length === 0 ? null : [...new Set(seen)]
  }, [names, entry, settings])
  const foresees =
    isPolicy &&
    (hasPrediction || (entry?.kind === 'internvla-a1' && settings !== null && settings.hasForesight))
  return { isPolicy, cameras, foresees, view }
}
