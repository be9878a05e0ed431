/** What the policy is: kind, folder, licence, and, where the licence says so, that it is not for commercial use. */
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { useMessages } from '../i18n/language.tsx'
import { folderName } from './folder-name.ts'
import { isNonCommercial } from './licence.ts'
import { policiesMessages } from './messages.ts'
import { setupMessages } from './setup-messages.ts'

export function PolicyFacts({ entry }: { entry: PolicyEntry }): ReactNode {
  const t = useMessages(policiesMessages)
  const s = useMessages(setupMessages)
  return (
    <section className="section" data-testid="policy-facts">
      <dl className="pairs">
        {(entry.contract !== null || entry.fault === null) && (
          <>
            <dt>{t.kind}</dt>
            <dd>{s.kinds(entry.kind)}</dd>
          </>
        )}
        <dt>{t.folder}</dt>
        <dd title={entry.path} className="selectable">
          {folderName(entry)}
        </dd>
        <dt>{s.licence}</dt>
        <dd title={entry.license ?? ''}>{entry.license ?? s.licenceUnknown}</dd>
      </dl>
      {isNonCommercial(entry.license) && (
        <div className="row policy-licence" data-testid="non-commercial">
          <TriangleAlert className="icon is-warn" aria-hidden="true" />
          <span>
            <b className="is-warn">{s.nonCommercial}</b>
            <span className="policy-fix">{s.nonCommercialHint}</span>
          </span>
        </div>
      )}
      {entry.description !== '' && <p className="size-s t2 selectable">{entry.description}</p>}
    </section>
  )
}
