/** The bar that never leaves while an arm may have torque: who drives, the recording, what now, how to stop. */
import type { ReactNode } from 'react'
import { Say } from './say.tsx'
import { SourceBadge } from './source-badge.tsx'
import { StopKeys } from './stop-keys.tsx'
import { TakeClock } from './take-clock.tsx'

export const ControlBar = (): ReactNode => (
  <header className="control" data-region="control">
    <SourceBadge />
    <TakeClock />
    <Say />
    <StopKeys />
  </header>
)
