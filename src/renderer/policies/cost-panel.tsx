/** What the policy costs as measured on this machine. A figure that was not measured yet is absent, and the panel says how it comes to be. */
import type { ReactNode } from 'react'
import type { PolicyEntry, PolicyState } from '#contract/services/policy.ts'
import { useLive } from '../app/app-context.tsx'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { providerTitle } from '../i18n/provider-name.ts'
import { msFigure } from './byte-figures.ts'
import { policiesMessages } from './messages.ts'
import { setupMessages } from './setup-messages.ts'
import { StageBars } from './stage-bars.tsx'

export function CostPanel({ entry }: { entry: PolicyEntry }): ReactNode {
  const t = useMessages(policiesMessages)
  const policy = useLive((s) => (s.policy?.loaded?.id === entry.id ? s.policy : null))
  return (
    <section className="section" data-testid="policy-cost">
      <h2 className="heading">{t.cost}</h2>
      {policy === null ? <p className="t2">{t.notLoaded}</p> : <Cost policy={policy} />}
    </section>
  )
}

function Cost({ policy }: { policy: PolicyState }): ReactNode {
  const t = useMessages(policiesMessages)
  const s = useMessages(setupMessages)
  const { latency, provider, precision, residentMemoryMb } = policy
  const stages = Object.entries(policy.stages).map(([stage, summary]) => ({ stage, ...summary }))
  return (
    <>
      {latency === null ? (
        <p className="t2">{t.notMeasured}</p>
      ) : (
        <p className="policy-median">
          <b>{msFigure(latency.p50Ms)}</b> <span className="t2">{t.medianMs}</span>
        </p>
      )}
      <dl className="pairs">
        {latency !== null && (
          <>
            <dt>{t.p99}</dt>
            <dd>{msFigure(latency.p99Ms)} ms</dd>
            <dt>{t.highest}</dt>
            <dd>{msFigure(latency.maxMs)} ms</dd>
            <dt>{t.calls}</dt>
            <dd>{latency.count}</dd>
          </>
        )}
        {provider !== null && (
          <>
            <dt>{t.runsOn}</dt>
            <dd>{[providerTitle(provider), precision].filter((part) => part !== null).join(', ')}</dd>
          </>
        )}
        {residentMemoryMb !== null && (
          <>
            <dt>{t.memory}</dt>
            <dd>{fixed(residentMemoryMb, 0)} MB</dd>
          </>
        )}
      </dl>
      {stages.length > 0 && (
        <>
          <h3 className="heading">{s.lastMinute}</h3>
          <StageBars stages={stages} />
        </>
      )}
    </>
  )
}
