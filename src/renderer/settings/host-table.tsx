/** The hosts as main sees them. A restart by hand waits until no arm can be powered: a dead rig host cannot be asked to stop. */
import { Check, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { HostName, HostStatus } from '#contract/services/shell.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { armMayHaveTorque } from '../app/torque.ts'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { settingsMessages, type SettingsText } from './messages.ts'

const purposes: Readonly<Record<HostName, 'rigHost' | 'policyHost' | 'libraryHost' | 'simHost'>> = {
  rig: 'rigHost',
  policy: 'policyHost',
  library: 'libraryHost',
  sim: 'simHost',
}

/** Hosts whose end would leave a powered arm without its loop or its world. */
const carriesArm: ReadonlySet<HostName> = new Set(['rig', 'sim'])

export function HostTable(): ReactNode {
  const t = useMessages(settingsMessages)
  const hosts = useLive((s) => s.hosts) ?? []
  return (
    <table className="grid-table hosts-table">
      <thead>
        <tr>
          <th scope="col">{t.host}</th>
          <th scope="col">{t.status}</th>
          <th scope="col" className="is-number">
            {t.pid}
          </th>
          <th scope="col" className="is-number">
            {t.memory}
          </th>
          <th scope="col" className="is-number">
            {t.restarts}
          </th>
          <th scope="col">{t.lastExit}</th>
          <th scope="col" aria-label={t.restart} />
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <HostRow key={host.name} host={host} t={t} />
        ))}
      </tbody>
    </table>
  )
}

function HostRow({ host, t }: { host: HostStatus; t: SettingsText }): ReactNode {
  const app = useApp()
  const mayMove = useLive(armMayHaveTorque)
  const isBlocked = mayMove && carriesArm.has(host.name) && host.status === 'running'
  const isWell = host.status === 'running'
  return (
    <tr data-testid={`host-${host.name}`}>
      <th scope="row" className="hosts-name">
        <b>{host.name}</b>
        <span className="size-s t2">{t[purposes[host.name]]}</span>
      </th>
      <td>
        <span className={isWell ? 'row is-ok' : 'row is-warn'}>
          {isWell ? (
            <Check className="icon" aria-hidden="true" />
          ) : (
            <TriangleAlert className="icon" aria-hidden="true" />
          )}
          {t[host.status]}
        </span>
      </td>
      <td className="is-number">{host.pid}</td>
      <td className="is-number">{host.memoryMb === null ? '' : `${fixed(host.memoryMb, 0)} MB`}</td>
      <td className="is-number">{host.restarts}</td>
      <td className="t2">{host.lastExit}</td>
      <td className="is-number host-act">
        {isBlocked && <span className="size-s t3">{t.restartBlocked}</span>}
        <button
          type="button"
          className="btn btn-small"
          disabled={isBlocked}
          data-testid={`restart-${host.name}`}
          onClick={() => app.act((services) => services.shell.restartHost({ name: host.name }))}
        >
          {t.restart}
        </button>
      </td>
    </tr>
  )
}
