/** What is so, then what to do (UI.md §5): for faults with their names and figures, and for lists that are empty. */
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { FaultCode } from '#core/errors.ts'
import { faultDetails, faultText, named } from '../i18n/faults.ts'
import { useLanguage } from '../i18n/language.tsx'
import { RawWords } from './raw-words.tsx'

export interface NoteProps {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly testId?: string
  readonly isAlert?: boolean
}

export const Note = ({ icon, title, children, testId, isAlert = false }: NoteProps): ReactNode => (
  <div className="note" role={isAlert ? 'alert' : undefined} data-testid={testId}>
    {icon}
    <div className="note-text">
      <p className="note-title">{title}</p>
      {children}
    </div>
  </div>
)

/** A fault of the core or one that crossed the contract. */
export interface ShownFault {
  readonly code: FaultCode
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

export interface FaultNoteProps {
  readonly fault: ShownFault
  /** Buttons: what can be done here. */
  readonly children?: ReactNode
  readonly testId?: string
}

/** The host's own words stand below, small: they name files and numbers that no translation knows. */
export function FaultNote({ fault, children, testId = 'fault' }: FaultNoteProps): ReactNode {
  const language = useLanguage()
  const text = faultText(fault.code, language)
  const details = faultDetails({ data: fault.data ?? {} })
  return (
    <Note
      icon={<TriangleAlert className="icon is-bad" aria-hidden="true" />}
      title={named(text.what, details[0] ?? '', language)}
      testId={testId}
      isAlert
    >
      <p className="t2">{text.todo}</p>
      <RawWords message={fault.message} />
      {children !== undefined && children !== false && <div className="note-acts">{children}</div>}
    </Note>
  )
}
