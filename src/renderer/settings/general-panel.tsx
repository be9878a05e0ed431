/** Language, theme, operator, sound: one line each, in force at once. */
import type { ReactNode } from 'react'
import type { Settings } from '#contract/services/shell.ts'
import { useApp, useLive } from '../app/app-context.tsx'
import { useMessages } from '../i18n/language.tsx'
import { Choice } from '../ui/choice.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { settingsMessages } from './messages.ts'
import { OperatorField } from './operator-field.tsx'

export function GeneralPanel(): ReactNode {
  const t = useMessages(settingsMessages)
  const app = useApp()
  const settings = useLive((s) => s.settings)
  if (settings === null) return null
  const change = (part: Partial<Omit<Settings, 'version'>>): void =>
    app.act((services) => services.shell.changeSettings(part))
  return (
    <>
      <header>
        <h2 className="title">{t.general}</h2>
        <p className="desk-lead">{t.generalLead}</p>
      </header>
      <div className="settings-rows">
        <Row name={t.language}>
          <Choice
            label={t.language}
            testId="setting-language"
            value={settings.language}
            onChange={(language) => change({ language })}
            options={[
              { value: 'system', label: t.languageSystem },
              { value: 'en', label: 'English' },
              { value: 'zh', label: '中文' },
            ]}
          />
        </Row>
        <Row name={t.theme}>
          <Choice
            label={t.theme}
            testId="setting-theme"
            value={settings.theme}
            onChange={(theme) => change({ theme })}
            options={[
              { value: 'system', label: t.themeSystem },
              { value: 'dark', label: t.themeDark },
              { value: 'light', label: t.themeLight },
            ]}
          />
        </Row>
        <Row name={t.operator} note={t.operatorNote}>
          <OperatorField
            key={settings.operator}
            saved={settings.operator}
            onSave={(operator) => change({ operator })}
          />
        </Row>
        <Row name={t.sound} note={t.soundNote}>
          <Toggle
            label={t.sound}
            testId="setting-sound"
            isOn={settings.isSoundOn}
            onChange={(isSoundOn) => change({ isSoundOn })}
          />
        </Row>
      </div>
    </>
  )
}

function Row({ name, note, children }: { name: string; note?: string; children: ReactNode }): ReactNode {
  return (
    <div className="settings-row">
      <div>
        <p className="settings-name">{name}</p>
        {note !== undefined && <p className="size-s t2">{note}</p>}
      </div>
      {children}
    </div>
  )
}
