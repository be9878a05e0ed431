/** The lines of the contract check: what was expected, what is there, how to fix it, and the mapping on the spot. */
import { Check, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import type { ShownLine } from './check-text.ts'
import { policiesMessages } from './messages.ts'

const glyphs = {
  ok: <Check className="icon is-ok" aria-hidden="true" />,
  warn: <TriangleAlert className="icon is-warn" aria-hidden="true" />,
  fail: <X className="icon is-bad" aria-hidden="true" />,
} as const

const words = { ok: 'passes', warn: 'warns', fail: 'fails' } as const
const tones = { ok: 't2', warn: 'is-warn', fail: 'is-bad' } as const

export interface CheckTableProps {
  readonly lines: readonly ShownLine[]
  /** What a line can be mended with, by its id. */
  readonly mends: Readonly<Record<string, ReactNode>>
}

export function CheckTable({ lines, mends }: CheckTableProps): ReactNode {
  const t = useMessages(policiesMessages)
  return (
    <table className="grid-table policy-check">
      <thead>
        <tr>
          <th scope="col" colSpan={2} aria-label={t.line} />
          <th scope="col">{t.policyExpects}</th>
          <th scope="col">{t.thisRig}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id} data-testid={`check-${line.id}`} data-status={line.status}>
            <td>
              {glyphs[line.status]}
              <span className="visually-hidden">{t[words[line.status]]}</span>
            </td>
            <th scope="row">
              {line.name} {line.of !== '' && <span className="t2">{line.of}</span>}
            </th>
            <td className="t2">{line.expected}</td>
            <td className={tones[line.status]}>
              {line.actual}
              {line.fix !== '' && <span className="policy-fix">{line.fix}</span>}
              {mends[line.id]}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
