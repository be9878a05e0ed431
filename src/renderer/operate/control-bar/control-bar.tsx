/** The bar that never leaves while an arm may have torque: who drives, the recording, what now, how to stop. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { useDriveTrust } from './drive-trust.ts'
import { sayModel } from './say-model.ts'
import { SourceBadge } from './source-badge.tsx'
import { StopKeys } from './stop-keys.tsx'
import { TakeClock } from './take-clock.tsx'

export function ControlBar(): ReactNode {
  return (
    <header className="control" data-region="control">
      <SourceBadge />
      <TakeClock />
      <Say />
      <StopKeys />
    </header>
  )
}

function Say(): ReactNode {
  const t = useMessages(operateMessages)
  const language = useLanguage()
  const trust = useDriveTrust()
  const model = sayModel(
    useLive((s) => s.drive),
    useLive((s) => s.record),
    trust,
    language,
    t,
  )
  return (
    <div className="say">
      <span className="say-first" data-testid="say">
        {model.first}
      </span>
      <span className="say-second">{model.second}</span>
    </div>
  )
}
