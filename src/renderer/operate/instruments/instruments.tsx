/** The column at the right: the twin, then what this moment asks for. Panels keep their place from mode to mode. */
import type { ReactNode } from 'react'
import { useLive, useUi } from '../../app/app-context.tsx'
import { usePolicyView } from '../foresight/use-policy-view.ts'
import { useDriveTrust } from '../control-bar/drive-trust.ts'
import { BusFacts, Happened } from './aftermath.tsx'
import { JointHistory } from './history-panel.tsx'
import { Joints } from './joints-panel.tsx'
import { ChunkPanel } from './chunk-panel.tsx'
import { ExecutorPanel } from './executor-panel.tsx'
import { LatencyPanel } from './latency-panel.tsx'
import { PolicyFacts } from './policy-facts.tsx'
import { ServoFacts } from './servo-facts.tsx'
import { BeforeMotion } from './before-motion.tsx'
import { TakeFacts } from './take-facts.tsx'
import { TwinPanel } from './twin-panel.tsx'
import { Warnings } from './warnings.tsx'

export function Instruments(): ReactNode {
  const mode = useLive((s) => s.drive?.mode ?? null)
  const trust = useDriveTrust()
  const policyView = usePolicyView()
  const hasTwin = useUi((ui) => ui.twin !== 'off')
  return (
    <aside
      className="instruments"
      data-region="instruments"
      data-stale={trust.kind === 'fresh' ? undefined : ''}
    >
      {hasTwin && <TwinPanel />}
      <Warnings />
      {mode !== null && panelsOf(mode, policyView.foresees && policyView.view !== 'off')}
    </aside>
  )
}

/** `foresees`: the strip holds surprise, so the joints' history is here. */
function panelsOf(mode: string, foresees: boolean): ReactNode {
  if (mode === 'fault' || mode === 'eStop')
    return (
      <>
        <BusFacts />
        <Happened />
      </>
    )
  if (mode === 'idle') return <BeforeMotion />
  const isPolicy = mode === 'policy' || mode === 'blend'
  return (
    <>
      {isPolicy && <ChunkPanel />}
      {isPolicy && <PolicyFacts />}
      {isPolicy && <LatencyPanel />}
      {isPolicy && <ExecutorPanel />}
      <Joints />
      <TakeFacts />
      <ServoFacts />
      {(!isPolicy || foresees) && <JointHistory />}
    </>
  )
}
