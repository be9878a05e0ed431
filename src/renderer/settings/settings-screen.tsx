/** Settings: sections at the left, one of them in the middle. Nothing here moves an arm; changes are in force at once. */
import { Cpu, Keyboard, SlidersHorizontal } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import '../ui/desk.css'
import { RefusalNote } from '../ui/refusal.tsx'
import { GeneralPanel } from './general-panel.tsx'
import { KeysPanel } from './keys-panel.tsx'
import { settingsMessages } from './messages.ts'
import './settings.css'
import { SystemPanel } from './system-panel.tsx'

type Section = 'general' | 'keys' | 'system'

export function SettingsScreen(): ReactNode {
  const t = useMessages(settingsMessages)
  const [section, setSection] = useState<Section>('general')
  const changed = useLive((s) => Object.keys(s.settings?.keys ?? {}).length)
  const hosts = useLive((s) => s.hosts)
  const running = hosts?.filter((host) => host.status === 'running').length ?? 0
  const sections = [
    { id: 'general', title: t.general, note: t.generalNote, Icon: SlidersHorizontal },
    { id: 'keys', title: t.keys, note: t.keysNote(changed), Icon: Keyboard },
    {
      id: 'system',
      title: t.system,
      note: hosts === null ? '' : t.systemNote(running, hosts.length),
      Icon: Cpu,
    },
  ] as const
  return (
    <div className="desk settings">
      <nav className="desk-list" aria-label={t.sections} data-region="list">
        <div className="desk-head">
          <h1 className="subtitle">{t.settings}</h1>
        </div>
        {sections.map(({ id, title, note, Icon }) => (
          <button
            key={id}
            type="button"
            className="desk-item"
            aria-current={id === section ? 'true' : undefined}
            data-testid={`settings-${id}`}
            onClick={() => setSection(id)}
          >
            <Icon className="icon" aria-hidden="true" />
            <span className="desk-item-text">
              <b>{title}</b>
              <span className="size-s t2 cut">{note}</span>
            </span>
          </button>
        ))}
      </nav>
      <section className="desk-main" data-region="settings">
        {section === 'general' && <GeneralPanel />}
        {section === 'keys' && <KeysPanel />}
        {section === 'system' && <SystemPanel />}
        <RefusalNote />
      </section>
    </div>
  )
}
