/** Warnings as lines with a triangle and a figure; three at most, the worst first. They never take the focus. */
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Cause } from '#contract/services/drive.ts'
import { useLive } from '../../app/app-context.tsx'
import { fixed } from '../../i18n/figures.ts'
import { useLanguage, useMessages } from '../../i18n/language.tsx'
import { operateMessages } from '../messages.ts'
import { causeText } from '../control-bar/say-model.ts'

const none: readonly Cause[] = []

/** Units of the figures a cause may carry, by the ending of their name. */
const units: readonly (readonly [ending: string, digits: number, unit: string])[] = [
  ['C', 0, '°C'],
  ['V', 1, 'V'],
  ['Ms', 0, 'ms'],
  ['Deg', 1, '°'],
  ['Fraction', 0, '%'],
]

export function causeFigure(data: Cause['data']): string {
  for (const [name, value] of Object.entries(data ?? {})) {
    const found = units.find(([ending]) => name.endsWith(ending))
    if (found === undefined) continue
    const [ending, digits, unit] = found
    if (unit === 'ms' && value >= 1000) return `${fixed(value / 1000, 1)} s`
    return `${fixed(ending === 'Fraction' ? value * 100 : value, digits)}${unit === '°' ? '' : ' '}${unit}`
  }
  return ''
}

export function Warnings(): ReactNode {
  const t = useMessages(operateMessages)
  const language = useLanguage()
  const warnings = useLive((s) => s.drive?.warnings) ?? none
  const derate = useLive((s) => s.drive?.derate ?? 1)
  if (warnings.length === 0 && derate >= 1) return null
  return (
    <ul className="facts" data-testid="warnings">
      {warnings.slice(0, 3).map((warning) => (
        <li key={`${warning.code} ${warning.arm ?? ''} ${warning.joint ?? ''}`} className="fact">
          <TriangleAlert className="icon is-warn" aria-hidden="true" />
          <span className="fact-name">{causeText(warning, language)}</span>
          <span className="fact-value is-warn">{causeFigure(warning.data)}</span>
        </li>
      ))}
      {derate < 1 && (
        <li className="fact">
          <TriangleAlert className="icon is-warn" aria-hidden="true" />
          <span className="fact-name">{t.slowed}</span>
          <span className="fact-value is-warn">{fixed(derate * 100, 0)} %</span>
        </li>
      )}
    </ul>
  )
}
