/** Latency as one stacked bar in the order in which the time is spent; stages that nobody measured are absent. */
import type { ReactNode } from 'react'
import { useLive } from '../../app/app-context.tsx'
import { latencyBudgetMs, latencyShares } from '../foresight/latency-model.ts'
import { foresightMessages } from '../foresight/messages.ts'
import { fixed } from '../../i18n/figures.ts'
import { useMessages } from '../../i18n/language.tsx'

const colours = {
  captureAge: '--lat-capture',
  queue: '--lat-queue',
  preprocess: '--lat-prepare',
  infer: '--lat-infer',
  network: '--lat-network',
  bus: '--lat-bus',
} as const

const msText = (ms: number): string => fixed(ms, ms < 10 ? 1 : 0)

export function LatencyPanel(): ReactNode {
  const t = useMessages(foresightMessages)
  const policy = useLive((s) => s.policy)
  const drive = useLive((s) => s.drive)
  const shares = latencyShares(policy, drive)
  // The bus alone says nothing about the policy.
  if (shares.every(({ part }) => part === 'bus')) return null
  const sum = shares.reduce((total, { ms }) => total + ms, 0)
  const budget = latencyBudgetMs(policy)
  const isOver = budget !== null && sum > budget
  // The whole bar: with some room beyond the budget's line, unless the time itself goes further.
  const whole = Math.max(sum, (budget ?? 0) * 1.1)
  const words = shares.map(({ part, ms }) => `${t[part]} ${msText(ms)} ms`).join(', ')
  return (
    <section className="section latency" data-testid="latency">
      <div className="section-head">
        <h2 className="heading" title={t.medianOf}>
          {t.latency}
        </h2>
        <b className={isOver ? 'over-budget' : ''}>
          {isOver && '▲ '}
          {msText(sum)} ms
        </b>
      </div>
      <figure className="latency-bar" aria-label={t.latencyLabel(words)}>
        {shares.map(({ part, ms }) => (
          <i
            key={part}
            style={{ flexGrow: Math.max(ms, whole / 200), background: `var(${colours[part]})` }}
          />
        ))}
        <i style={{ flexGrow: Math.max(0, whole - sum) }} />
        {budget !== null && <b className="budget-line" style={{ left: `${(100 * budget) / whole}%` }} />}
      </figure>
      {budget !== null && (
        <p className={isOver ? 'budget over-budget' : 'budget t2'}>
          {isOver ? t.overBudget(msText(budget)) : t.budget(msText(budget))}
        </p>
      )}
      <ul className="latency-parts numbers">
        {shares.map(({ part, ms }) => (
          <li key={part}>
            <i style={{ background: `var(${colours[part]})` }} />
            <span className="t2">
              {t[part]}
              {part === 'bus' && ' p99'}
            </span>
            <span>{msText(ms)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
