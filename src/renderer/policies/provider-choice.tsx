/** Where the policy may compute: every provider with what the probe found, and why one cannot be used. */
import { Check, Minus, TriangleAlert, X } from 'lucide-react'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import type { PolicySettings, ProviderStatus } from '#contract/services/policy.ts'
import type { Fault } from '#core/result.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { providerTitle } from '../i18n/provider-name.ts'
import { FaultNote } from '../ui/note.tsx'
import { faultOf } from './fault-of.ts'
import { setupMessages } from './setup-messages.ts'

interface Probed {
  readonly list: readonly ProviderStatus[] | null
  readonly fault: Fault | null
  readonly isBusy: boolean
}

function useProviders(): Probed & { readonly again: () => void } {
  const app = useApp()
  const hasSession = useLive((s) => s.session !== null)
  const [probed, setProbed] = useState<Probed>({ list: null, fault: null, isBusy: true })
  const probe = useCallback(
    (isFresh: boolean) =>
      app
        .services()
        ?.policy.providers({ isFresh })
        .then(
          (list) => setProbed({ list, fault: null, isBusy: false }),
          (error: unknown) => setProbed((now) => ({ ...now, fault: faultOf(error), isBusy: false })),
        ),
    [app],
  )
  useEffect(() => {
    if (hasSession) void probe(false)
  }, [hasSession, probe])
  const again = (): void => {
    setProbed((now) => ({ ...now, fault: null, isBusy: true }))
    void probe(true)
  }
  return { ...probed, again }
}

const glyphs = {
  works: <Check className="icon is-ok" aria-hidden="true" />,
  missing: <Minus className="icon t3" aria-hidden="true" />,
  fails: <X className="icon is-bad" aria-hidden="true" />,
  untried: <TriangleAlert className="icon t3" aria-hidden="true" />,
} as const

export interface ProviderChoiceProps {
  readonly settings: PolicySettings
  readonly onChange: (settings: PolicySettings) => void
}

export function ProviderChoice({ settings, onChange }: ProviderChoiceProps): ReactNode {
  const t = useMessages(setupMessages)
  const { list, fault, isBusy, again } = useProviders()
  const option = (
    name: PolicySettings['provider'],
    title: string,
    status: ProviderStatus['status'] | null,
    text: string,
    detail: string,
  ): ReactNode => (
    <label key={name} className="provider" data-status={status ?? 'auto'}>
      <input
        type="radio"
        name="provider"
        value={name}
        checked={settings.provider === name}
        disabled={status === 'missing' || status === 'fails'}
        data-testid={`provider-${name}`}
        onChange={() => onChange({ ...settings, provider: name })}
      />
      <span className="provider-name">{title}</span>
      {status !== null && (
        <span className="provider-status size-s t2">
          {glyphs[status]} {t[status]}
        </span>
      )}
      {text !== '' && (
        <span className="provider-detail size-s t3 selectable" title={detail}>
          {text}
        </span>
      )}
    </label>
  )
  return (
    <fieldset className="section providers" data-testid="providers">
      <legend className="heading">{t.runsOn}</legend>
      {option('auto', t.auto, null, t.autoHint, '')}
      {list?.map(({ name, status, why, detail }) =>
        option(
          name,
          providerTitle(name),
          status,
          status === 'untried' ? '' : t.providerWhy(why, detail),
          detail,
        ),
      )}
      {fault !== null && <FaultNote fault={fault} testId="providers-fault" />}
      <span className="row">
        <button
          type="button"
          className="btn btn-small"
          disabled={isBusy}
          data-testid="probe-again"
          onClick={again}
        >
          {t.probeAgain}
        </button>
        {isBusy && <span className="size-s t3">{t.probing}</span>}
      </span>
    </fieldset>
  )
}
