/** Without a rig: what can be connected. The simulated pair is always there. */
import { Plus, Search, Zap } from 'lucide-react'
import type { ReactNode } from 'react'
import type { RigConfig } from '#contract/services/rig.ts'
import { useApp } from '../app/app-context.tsx'
import { simulatedPair } from '../first-run/simulated-pair.ts'
import { useMessages } from '../i18n/language.tsx'
import { ArmIcon } from '../ui/icons.tsx'
import { rigMessages, type RigText } from './messages.ts'
import { listedRigs } from './rig-commands.ts'
import { pickRig, rigViewOf, useRigView } from './rig-view.ts'
import type { Found } from './use-found.ts'

const portsOf = (config: RigConfig, t: RigText): string =>
  [config.follower, config.leader]
    .filter((arm) => arm !== null)
    .map(({ port }) => (port.kind === 'serial' ? port.path.split('/').at(-1) : t.simulated))
    .join(', ')

export function RigList({ found }: { found: Found }): ReactNode {
  const t = useMessages(rigMessages)
  const view = rigViewOf(useApp())
  const source = useRigView((state) => state.source)
  const isHelpShown = useRigView((state) => state.isHelpShown)
  const item = (config: RigConfig | null): ReactNode => {
    const isPair = config?.name === simulatedPair.name
    const Icon = config === null ? Plus : isPair ? Zap : ArmIcon
    return (
      <button
        key={config?.name ?? ''}
        type="button"
        className="desk-item"
        aria-current={!isHelpShown && source === (config?.name ?? null) ? 'true' : undefined}
        data-testid={`rig-row-${config?.name ?? 'new'}`}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => pickRig(view, config)}
      >
        <Icon className="icon" aria-hidden="true" />
        <span className="desk-item-text">
          <b className="cut">{config === null ? t.newRig : isPair ? t.simulatedPair : config.name}</b>
          <span className="size-s t2 cut">
            {config === null ? t.newRigNote : isPair ? t.simulatedPairNote : portsOf(config, t)}
          </span>
        </span>
      </button>
    )
  }
  return (
    <nav className="desk-list" aria-label={t.rigs} data-region="list">
      <div className="desk-head">
        <h1 className="subtitle">{t.noRig}</h1>
      </div>
      {listedRigs(found.saved).map(item)}
      <span className="spring" />
      <HelpItem />
    </nav>
  )
}

export function HelpItem(): ReactNode {
  const t = useMessages(rigMessages)
  const view = rigViewOf(useApp())
  const isHelpShown = useRigView((state) => state.isHelpShown)
  return (
    <button
      type="button"
      className="desk-item t2"
      aria-current={isHelpShown ? 'true' : undefined}
      data-testid="rig-help"
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => view.setState({ isHelpShown: !isHelpShown })}
    >
      <Search className="icon" aria-hidden="true" />
      <span className="desk-item-text">{t.cantFind}</span>
    </button>
  )
}
