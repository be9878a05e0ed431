/** One measured line: what, how much, and a glyph where it is judged. */
import { Check, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'

export type Verdict = 'ok' | 'warn' | 'bad'

const glyphs = {
  ok: <Check className="icon is-ok" aria-hidden="true" />,
  warn: <TriangleAlert className="icon is-warn" aria-hidden="true" />,
  bad: <X className="icon is-bad" aria-hidden="true" />,
} as const

export interface FactProps {
  readonly name: string
  readonly value?: ReactNode
  readonly verdict?: Verdict | undefined
}

export const Fact = ({ name, value, verdict }: FactProps): ReactNode => (
  <li className="fact">
    {verdict !== undefined && glyphs[verdict]}
    <span className={verdict === undefined ? 'fact-name t2' : 'fact-name'}>{name}</span>
    {value !== undefined && <span className="fact-value">{value}</span>}
  </li>
)

export interface FactsProps {
  readonly title: string
  readonly note?: string
  readonly children: ReactNode
}

export const Facts = ({ title, note, children }: FactsProps): ReactNode => (
  <section className="section">
    <div className="section-head">
      <h2 className="heading">{title}</h2>
      {note !== undefined && <span className="size-s t2 cut">{note}</span>}
    </div>
    <ul className="facts">{children}</ul>
  </section>
)
