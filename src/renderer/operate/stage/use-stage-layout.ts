/** The stage's layout from the states as told; the strip needs it too. */
import { useLive, useUi } from '../../app/app-context.tsx'
import type { PolicyView } from '../foresight/use-policy-view.ts'
import { stageLayout, type StageLayout } from './stage-layout.ts'

const none: readonly { readonly name: string }[] = []

export function useStageLayout(policyView: PolicyView): StageLayout {
  const { isPolicy, cameras: policyCameras, foresees, view } = policyView
  const cameras = useLive((s) => s.rig?.rig?.cameras) ?? none
  const mode = useLive((s) => s.drive?.mode ?? null)
  const enlarged = useUi((ui) => ui.enlargedCamera)
  return stageLayout({
    cameras: cameras.map((camera) => camera.name),
    enlarged,
    hasCause: mode === 'fault' || mode === 'eStop',
    isPolicy,
    policyCameras,
    isBeside: foresees && view === 'beside',
  })
}
