/** The pictures of the rig's cameras; where something is wrong, the cause stands where the eye was; under a policy, what it foresees. */
import type { CSSProperties, ReactNode } from 'react'
import { CauseCard } from '../cause/cause-card.tsx'
import { ForesightTile } from '../foresight/foresight-tile.tsx'
import { SurpriseNow } from '../foresight/surprise-now.tsx'
import { usePolicyView } from '../foresight/use-policy-view.ts'
import { CameraTile } from './camera-tile.tsx'
import { useStageLayout } from './use-stage-layout.ts'

export function CameraStage(): ReactNode {
  const policyView = usePolicyView()
  const layout = useStageLayout(policyView)
  const rows = Math.max(2, layout.cameras.length - 1)
  const isColumns = layout.kind === 'columns'
  const isBeside = isColumns && policyView.foresees && policyView.view === 'beside'
  const isOver = isColumns && policyView.foresees && policyView.view === 'over'
  return (
    <section
      className="cameras"
      data-kind={layout.kind}
      data-rows={layout.kind === 'hero' ? Math.min(rows, 3) : undefined}
      data-foresight={isBeside ? '' : undefined}
      data-region="stage"
      style={{ '--rows': rows, '--columns': layout.cameras.length + layout.beside.length } as CSSProperties}
    >
      {layout.kind === 'cause' && <CauseCard />}
      {layout.cameras.map((camera, index) => (
        <CameraTile
          key={camera}
          camera={camera}
          isFirst={index === 0 && layout.kind !== 'cause'}
          isTagged={isColumns}
          hasErrorOver={isOver}
        />
      ))}
      {layout.beside.map((camera) => (
        <CameraTile key={camera} camera={camera} isFirst={false} isTagged />
      ))}
      {isBeside &&
        layout.cameras.map((camera) => <ForesightTile key={`foresight ${camera}`} camera={camera} />)}
      {layout.beside.length > 0 && (
        <div className="stage-surprise" style={{ gridColumn: `span ${layout.beside.length}` }}>
          <SurpriseNow />
        </div>
      )}
    </section>
  )
}
