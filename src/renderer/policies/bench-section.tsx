/** Measures the loaded policy on neutral input and shows what each stage took. */
import { useState, type FormEvent, type ReactNode } from 'react'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { histogramOf } from '#core/policy/latency-histogram.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { providerTitle } from '../i18n/provider-name.ts'
import { FaultNote } from '../ui/note.tsx'
import type { Fault } from '#core/result.ts'
import { faultOf } from './fault-of.ts'
import { setupMessages } from './setup-messages.ts'
import { quantile, StageBars, type StageFigures } from './stage-bars.tsx'

type Bench =
  | { readonly status: 'idle' | 'running' }
  | { readonly status: 'failed'; readonly fault: Fault }
  | {
      readonly status: 'done'
      readonly provider: string
      readonly runs: number
      readonly stages: readonly StageFigures[]
    }

const runChoices = [10, 50, 200] as const

/** Rendered with the policy's id as its key: figures of one policy are never shown for another. */
export function BenchSection({ entry }: { entry: PolicyEntry }): ReactNode {
  const t = useMessages(setupMessages)
  const app = useApp()
  const [runs, setRuns] = useState(50)
  const [bench, setBench] = useState<Bench>({ status: 'idle' })
  const isWarm = useLive((s) => s.policy?.loaded?.id === entry.id && s.policy.status === 'warm')
  const isDriving = useLive((s) => s.drive?.mode === 'policy' || s.drive?.mode === 'blend')
  const measure = (event: FormEvent): void => {
    event.preventDefault()
    const services = app.services()
    if (services === null) return
    setBench({ status: 'running' })
    services.policy.bench({ policyId: entry.id, runs }).then(
      ({ provider, stages }) =>
        setBench({
          status: 'done',
          provider,
          runs,
          stages: Object.entries(stages).map(([stage, samples]) => ({
            stage,
            p50Ms: quantile(samples, 0.5),
            p99Ms: quantile(samples, 0.99),
            histogram: histogramOf(samples),
          })),
        }),
      (error: unknown) => setBench({ status: 'failed', fault: faultOf(error) }),
    )
  }
  const isRunning = bench.status === 'running'
  return (
    <section className="section" data-testid="policy-bench">
      <div className="section-head">
        <h2 className="heading">{t.bench}</h2>
        <span className="size-s t3 cut">{isWarm ? t.benchHint : t.benchAfterLoad}</span>
      </div>
      <form className="row" onSubmit={measure}>
        <label className="field bench-runs">
          <span className="visually-hidden">{t.runs}</span>
          <select
            value={runs}
            data-testid="bench-runs"
            onChange={(event) => setRuns(Number(event.target.value))}
          >
            {runChoices.map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </label>
        <button
          type="submit"
          className="btn btn-small"
          disabled={!isWarm || isDriving || isRunning}
          data-testid="bench-start"
        >
          {isRunning ? t.measuring : t.measure}
        </button>
      </form>
      {bench.status === 'failed' && <FaultNote fault={bench.fault} testId="bench-fault" />}
      {bench.status === 'done' && (
        <>
          <p className="size-s t2">{t.benchOf(bench.runs, providerTitle(bench.provider))}</p>
          <StageBars stages={bench.stages} />
        </>
      )}
    </section>
  )
}
