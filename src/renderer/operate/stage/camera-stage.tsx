/** The pictures of the rig's cameras; where something is wrong, the cause stands where the eye was. */
import type { CSSProperties, ReactNode } from 'react'
import { useLive, useUi } from '../../app/app-context.tsx'
import { CauseCard } from '../cause/cause-card.tsx'
import { CameraTile } from './camera-tile.tsx'
import { stageLayout } from './stage-layout.ts'

const none: readonly { readonly name: string }[] = []

export function CameraStage(): ReactNode {
  const cameras = useLive((s) => s.rig?.rig?.cameras) ?? none
  const mode = useLive((s) => s.drive?.mode ?? null)
  const enlarged = useUi((ui) => ui.enlargedCamera)
  const layout = stageLayout({
    cameras: cameras.map((camera) => camera.name),
    enlarged,
    hasCause: mode === 'fault' || mode === 'eStop',
    isPolicy: mode === 'policy' || mode === 'blend',
  })
  const rows = Math.max(2, layout.cameras.length - 1)
  return (
    <section
      className="cameras"
      data-kind={layout.kind}
      data-rows={layout.kind === 'hero' ? Math.min(rows, 3) : undefined}
      data-region="stage"
      style={{ '--rows': rows } as CSSProperties}
    >
      {layout.kind === 'cause' && <CauseCard />}
      {layout.cameras.map((camera, index) => (
        <CameraTile
          key={camera}
          camera={camera}
          isFirst={index === 0 && layout.kind !== 'cause'}
          isTagged={layout.kind === 'columns'}
        />
      ))}
    </section>
  )
}
