/** An act that was just refused, with the reason, on the desk screens; Operate says it in its strip. Esc puts it away. */
import { TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApp, useUi } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { uiMessages } from './messages.ts'
import { FaultNote } from './note.tsx'

export function RefusalNote(): ReactNode {
  const t = useMessages(uiMessages)
  const app = useApp()
  const refusal = useUi((ui) => ui.refusal)
  if (refusal === null) return null
  return (
    <div className="refusal" data-testid="refusal">
      {refusal.kind === 'fault' ? (
        <FaultNote fault={refusal.fault} />
      ) : (
        <p className="row" role="alert">
          <TriangleAlert className="icon is-warn" aria-hidden="true" />
          <b>{refusal.title}</b> <span className="t2">{refusal.reason}</span>
        </p>
      )}
      <button
        type="button"
        aria-label={t.close}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => app.ui.setState({ refusal: null })}
      >
        <X className="icon t2" aria-hidden="true" />
      </button>
    </div>
  )
}
