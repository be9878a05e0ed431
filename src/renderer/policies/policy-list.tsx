/** All policies, each with one word on whether it can be used here, and plainly marked when it was not learned; imports under way. */
import { Check, Plus, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PolicyEntry, PolicyState } from '#contract/services/policy.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { faultText } from '../i18n/faults.ts'
import { useLanguage, useMessages } from '../i18n/language.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { PoliciesIcon } from '../ui/icons.tsx'
import { failures } from './check-text.ts'
import { folderName, shownName } from './folder-name.ts'
import type { ShownJob } from './import-jobs.ts'
import { JobRow } from './job-row.tsx'
import { policiesMessages, type PoliciesText } from './messages.ts'
import { policiesViewOf } from './policies-view.ts'
import { setupMessages } from './setup-messages.ts'
import type { Checked, Policies } from './use-policies.ts'

export interface Verdict {
  readonly tone: 'ok' | 'warn' | 'bad' | 'busy'
  readonly text: string
}

/** What is most worth knowing of a policy in the list; null when nothing is known yet. */
export function policyVerdict(
  entry: PolicyEntry,
  checked: Checked | undefined,
  policy: PolicyState | null,
  selectedId: string | null,
  t: PoliciesText,
): Verdict | null {
  if (policy !== null && policy.loaded?.id === entry.id) {
    if (policy.status === 'loading' || policy.status === 'warming')
      return { tone: 'busy', text: t[policy.status] }
    if (policy.status === 'failed') return { tone: 'bad', text: t.failed }
    if (policy.status === 'warm') return { tone: 'ok', text: selectedId === entry.id ? t.selected : t.warm }
  }
  if (entry.fault !== null) return { tone: 'bad', text: t.broken }
  if (checked?.fault !== null && checked !== undefined) return { tone: 'warn', text: t.checkFailed }
  if (checked === undefined || checked.lines === null) return null
  const failing = failures(checked.lines)
  return failing === 0 ? { tone: 'ok', text: t.fits } : { tone: 'bad', text: t.toFix(failing) }
}

const glyphs = {
  ok: <Check className="icon" aria-hidden="true" />,
  warn: <TriangleAlert className="icon" aria-hidden="true" />,
  bad: <X className="icon" aria-hidden="true" />,
  busy: null,
} as const

const tones = { ok: 'is-ok', warn: 'is-warn', bad: 'is-bad', busy: 'is-accent' } as const

/** Ids of policies that are called as another one of the list: their folder tells them apart. */
export function sharedNames(list: readonly PolicyEntry[]): ReadonlySet<string> {
  const nameOf = list.map(({ name }) => name)
  return new Set(
    list.filter(({ name }) => nameOf.indexOf(name) !== nameOf.lastIndexOf(name)).map(({ id }) => id),
  )
}

export interface PolicyListProps {
  readonly policies: Policies
  readonly jobs: readonly ShownJob[]
  /** Null while something else than a policy is looked at. */
  readonly selected: string | null
  readonly onPick: (policyId: string) => void
}

export function PolicyList({ policies, jobs, selected, onPick }: PolicyListProps): ReactNode {
  const t = useMessages(policiesMessages)
  const s = useMessages(setupMessages)
  const language = useLanguage()
  const app = useApp()
  const policy = useLive((state) => state.policy)
  const drivingId = useLive((state) => state.drive?.policy?.id ?? null)
  const shared = sharedNames(policies.list ?? [])
  return (
    <nav className="desk-list" aria-label={t.policies} data-region="list">
      <div className="desk-head">
        <h1 className="subtitle">{t.policies}</h1>
        <span className="spring" />
        <ActButton
          id="policies.import"
          testId="policy-import"
          isSmall
          icon={<Plus className="icon" aria-hidden="true" />}
        />
      </div>
      {policies.list?.map((entry) => {
        const verdict = policyVerdict(entry, policies.checks[entry.id], policy, drivingId, t)
        return (
          <button
            key={entry.id}
            type="button"
            className="desk-item"
            aria-current={entry.id === selected ? 'true' : undefined}
            data-testid={`policy-row-${entry.id}`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(entry.id)}
          >
            <PoliciesIcon className="icon" />
            <span className="desk-item-text">
              <span className="policy-name">
                <b className="cut">{shownName(entry)}</b>
                {verdict !== null && (
                  <span className={`desk-item-state ${tones[verdict.tone]}`}>
                    {glyphs[verdict.tone]}
                    {verdict.text}
                  </span>
                )}
              </span>
              <span className="size-s t2 cut">
                {shared.has(entry.id) && `${folderName(entry)} · `}
                {entry.contract === null && entry.fault !== null
                  ? faultText(entry.fault.code, language).what
                  : entry.isLearned
                    ? s.kinds(entry.kind)
                    : t.notLearned}
              </span>
            </span>
          </button>
        )
      })}
      {jobs
        .filter(({ job }) => job.status !== 'done')
        .map((shown) => (
          <JobRow
            key={shown.job.jobId}
            shown={shown}
            onPick={() => policiesViewOf(app).setState({ pane: 'job', jobId: shown.job.jobId })}
          />
        ))}
    </nav>
  )
}
