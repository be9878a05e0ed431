/** All commands with their keys. A key is changed by pressing the new one; a key that is in use is refused, by name. */
import { useMemo, useState, type ReactNode } from 'react'
import { useApp, useLive } from '../app/app-context.tsx'
import { frameMessages } from '../app/messages.ts'
import { useLanguage, useMessages } from '../i18n/language.tsx'
import { operateMessages } from '../operate/messages.ts'
import { policiesMessages } from '../policies/messages.ts'
import { reviewMessages } from '../review/messages.ts'
import { rigMessages } from '../rig/messages.ts'
import { commandCatalogue } from './catalogue.ts'
import { KeyRow } from './key-row.tsx'
import { settingsMessages } from './messages.ts'
import { searched } from './rebind.ts'

const noRebindings = {}
const noCameras: readonly { readonly name: string }[] = []

export function KeysPanel(): ReactNode {
  const t = useMessages(settingsMessages)
  const frame = useMessages(frameMessages)
  const operate = useMessages(operateMessages)
  const review = useMessages(reviewMessages)
  const policies = useMessages(policiesMessages)
  const rig = useMessages(rigMessages)
  const language = useLanguage()
  const app = useApp()
  const rebindings = useLive((s) => s.settings?.keys) ?? noRebindings
  const cameras = useLive((s) => s.rig?.rig?.cameras) ?? noCameras
  const [text, setText] = useState('')
  const [capturing, setCapturing] = useState<string | null>(null)
  const groups = useMemo(
    () =>
      commandCatalogue(
        app,
        { frame, operate, review, policies, rig, settings: t },
        language,
        cameras.map((camera) => camera.name),
      ),
    [app, frame, operate, review, policies, rig, t, language, cameras],
  )
  const save = (keys: Record<string, string>): void => {
    setCapturing(null)
    app.act((services) => services.shell.changeSettings({ keys }))
  }
  const shown = searched(groups, text, rebindings)
  return (
    <>
      <header>
        <h2 className="title">{t.keys}</h2>
        <p className="desk-lead">{t.keysLead}</p>
      </header>
      <div className="settings-tools">
        <label className="field">
          <input
            type="search"
            value={text}
            placeholder={t.find}
            aria-label={t.find}
            data-testid="keys-find"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <span className="spring" />
        <button
          type="button"
          className="btn btn-small"
          disabled={Object.keys(rebindings).length === 0}
          data-testid="keys-reset-all"
          onClick={() => save({})}
        >
          {t.resetAll}
        </button>
      </div>
      {shown.length === 0 && <p className="t2">{t.noneFound}</p>}
      <div className="key-groups">
        {shown.map((group) => (
          <section key={group.id}>
            <h3 className="heading">{group.title}</h3>
            {group.entries.map((entry) => (
              <KeyRow
                key={entry.id}
                entry={entry}
                groupId={group.id}
                groups={groups}
                rebindings={rebindings}
                isCapturing={capturing === entry.id}
                onCapture={(isOn) => setCapturing(isOn ? entry.id : null)}
                onSave={save}
              />
            ))}
          </section>
        ))}
      </div>
    </>
  )
}
