/** "I cannot find my device": what it usually is, in order, for this computer's system, and the ports there are now. */
import type { ReactNode } from 'react'
import type { PortInfo } from '#contract/services/rig.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { rigMessages, type RigText } from './messages.ts'
import { PortTable } from './port-table.tsx'
import { rigViewOf } from './rig-view.ts'

type Hint = 'helpLinux' | 'helpMac' | 'helpWindows'

const hintOf = (platform: string): Hint | null => {
  if (platform.startsWith('linux')) return 'helpLinux'
  if (platform.startsWith('darwin')) return 'helpMac'
  return platform.startsWith('win') ? 'helpWindows' : null
}

export const helpSteps = (t: RigText, platform: string): readonly string[] => {
  const hint = hintOf(platform)
  return [t.helpPower, t.helpCable, t.helpOther, ...(hint === null ? [] : [t[hint]]), t.helpVm, t.helpCamera]
}

export function HelpPanel({ ports }: { ports: readonly PortInfo[] }): ReactNode {
  const t = useMessages(rigMessages)
  const view = rigViewOf(useApp())
  const platform = useLive((s) => s.session?.info.platform ?? '')
  return (
    <>
      <header className="row">
        <div>
          <h2 className="title">{t.helpTitle}</h2>
          <p className="desk-lead">{t.helpLead}</p>
        </div>
        <span className="spring" />
        <button type="button" className="btn btn-small" onClick={() => view.setState({ isHelpShown: false })}>
          {t.close}
        </button>
      </header>
      <ol className="rig-steps" data-testid="rig-help-steps">
        {helpSteps(t, platform).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <section className="section">
        <h3 className="heading">{t.helpPortsNow}</h3>
        {ports.length === 0 ? <p className="t2">{t.noPorts}</p> : <PortTable ports={ports} />}
      </section>
    </>
  )
}
