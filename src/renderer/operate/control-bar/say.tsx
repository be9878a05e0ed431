/** The one sentence to read from the robot. When keys or hosts do not reach the arm it says that, and nothing else. */
import type { ReactNode } from 'react'
import { useLive, useUi } from '../../app/app-context.tsx'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { useDriveTrust } from './drive-trust.ts'
import { keysTrouble } from './keys-banner.ts'
import { sayModel } from './say-model.ts'

export function Say(): ReactNode {
  const t = useMessages(operateMessages)
  const language = useLanguage()
  const trust = useDriveTrust()
  const drive = useLive((s) => s.drive)
  const record = useLive((s) => s.record)
  const hasFocus = useUi((ui) => ui.hasFocus)
  const isComposing = useUi((ui) => ui.isComposing)
  const cannotReach = trust.kind === 'hostDown' || trust.kind === 'linkLost' || trust.kind === 'silent'
  const trouble = cannotReach ? null : keysTrouble(drive?.mode ?? null, hasFocus, isComposing)
  if (trouble !== null)
    return (
      <div className="say say-urgent" role="alert" data-testid="keys-banner">
        <span className="say-first">{trouble === 'noFocus' ? t.noKeys : t.composing}</span>
        <span className="say-second">{trouble === 'noFocus' ? t.noKeysTodo : t.composingTodo}</span>
      </div>
    )
  const model = sayModel(drive, record, trust, language, t)
  return (
    <div className={cannotReach ? 'say say-urgent' : 'say'} role={cannotReach ? 'alert' : undefined}>
      <span className="say-first" data-testid="say">
        {model.first}
      </span>
      <span className="say-second">{model.second}</span>
    </div>
  )
}
