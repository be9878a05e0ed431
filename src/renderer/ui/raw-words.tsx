/** A host's own words under a fault: translated where they are known, else marked as the original. */
import type { ReactNode } from 'react'
import { defineMessages } from '../i18n/define-messages.ts'
import { hostWords } from '../i18n/host-words.ts'
import { useLanguage, useMessages } from '../i18n/language.tsx'

const messages = defineMessages({ original: 'As the host says it' }, { original: '主机原文（英文）' })

/** Words that no translation knows stay folded: they are for the report, and a key opens them. */
export function RawWords({ message }: { message: string }): ReactNode {
  const t = useMessages(messages)
  const { text, isForeign } = hostWords(message, useLanguage())
  if (text === '') return null
  if (!isForeign) return <p className="note-raw">{text}</p>
  return (
    <details className="note-original">
      <summary>{t.original}</summary>
      <p className="note-raw" lang="en">
        {text}
      </p>
    </details>
  )
}
