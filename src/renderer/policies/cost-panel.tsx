/** What the policy costs as measured on this machine. A figure that was not measured yet is absent, and the panel says how it comes to be. */
import type { ReactNode } from 'react'
import type { PolicyEntry, PolicyState } from '#contract/services/policy.ts'
import { useLive } from '../app/app-context.tsx'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { policiesMessages } from './messages.ts'

/** Sub-millisecond calls need a digit more to say anything. */
const ms = (value: number): string => fixed(value, value < 10 ? 1 : 0)

export function CostPanel({ entry }: { entry: PolicyEntry }): ReactNode {
  const t = useMessages(policiesMessages)
  const policy = useLive((s) => (s.policy?.loaded?.id === entry.id ? s.policy : null))
  return (
    <>
      <section className="section" data-testid="policy-cost">
        <h2 className="heading">{t.cost}</h2>
        {policy === null ? <p className="t2">{t.notLoaded}</p> : <Cost policy={policy} />}
      </section>
      <section className="section">
        <dl className="pairs">
          <dt>{t.kind}</dt>
          <dd>{entry.kind}</dd>
          <dt>{t.folder}</dt>
          <dd title={entry.path} className="selectable">
            {entry.path.split(/[/\\]/u).at(-1)}
          </dd>
        </dl>
        {entry.description !== '' && <p className="size-s t2 selectable">{entry.description}</p>}
      </section>
      <span className="spring" />
      <ActButton id="policies.unload" testId="policy-unload" />
    </>
  )
}

function Cost({ policy }: { policy: PolicyState }): ReactNode {
  const t = useMessages(policiesMessages)
  const { latency, provider, residentMemoryMb } = policy
  return (
    <>
      {latency === null ? (
        <p className="t2">{t.notMeasured}</p>
      ) : (
        <p className="policy-median">
          <b>{ms(latency.p50Ms)}</b> <span className="t2">{t.medianMs}</span>
        </p>
      )}
      <dl className="pairs">
        {latency !== null && (
          <>
            <dt>{t.p99}</dt>
            <dd>{ms(latency.p99Ms)} ms</dd>
            <dt>{t.highest}</dt>
            <dd>{ms(latency.maxMs)} ms</dd>
            <dt>{t.calls}</dt>
            <dd>{latency.count}</dd>
          </>
        )}
        {provider !== null && (
          <>
            <dt>{t.runsOn}</dt>
            <dd>{provider}</dd>
          </>
        )}
        {residentMemoryMb !== null && (
          <>
            <dt>{t.memory}</dt>
            <dd>{fixed(residentMemoryMb, 0)} MB</dd>
          </>
        )}
      </dl>
    </>
  )
}
