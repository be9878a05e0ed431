/** The house: coloured edge, control bar, rail, the chosen screen, status bar. The control bar stays as long as an arm may have torque. */
import { Suspense, type ReactNode } from 'react'
import { resolveLanguage, LanguageProvider, useMessages } from '../i18n/language.tsx'
import { useScopedCommands } from '../keys/command-registry.ts'
import { KeyList } from '../keys/key-list.tsx'
import { ControlBar } from '../operate/control-bar/control-bar.tsx'
import { useDriveTrust } from '../operate/control-bar/drive-trust.ts'
import { isAlarm, paintOf } from '../operate/control-bar/paint.ts'
import { StatusBar } from '../operate/status-bar.tsx'
import { useApp, useLive, useUi } from './app-context.tsx'
import { frameCommands } from './frame-commands.ts'
import { frameMessages } from './messages.ts'
import { Rail } from './rail.tsx'
import { ScreenGuard } from './screen-guard.tsx'
import { armMayHaveTorque } from './torque.ts'

export function Frame(): ReactNode {
  const chosen = useLive((s) => s.settings?.language) ?? 'system'
  const language = resolveLanguage(chosen, navigator.languages)
  return (
    <LanguageProvider language={language}>
      <House language={language} />
    </LanguageProvider>
  )
}

function House({ language }: { language: string }): ReactNode {
  const t = useMessages(frameMessages)
  const app = useApp()
  const { screens } = app
  const screenId = useUi((ui) => ui.screen)
  const mode = useLive((s) => s.drive?.mode ?? null)
  const blendTo = useLive((s) => s.drive?.blend?.to ?? null)
  const hasRig = useLive((s) => s.rig !== null && s.rig.status !== 'none')
  const mayMove = useLive(armMayHaveTorque)
  const trust = useDriveTrust()
  useScopedCommands(app.registry, 'frame', frameCommands(app, t, screens))

  const isOpening = useLive((s) => s.session === null && s.link.status === 'connecting')
  const screen = screens.find((candidate) => candidate.id === screenId) ?? screens[0]
  const isTold = trust.kind === 'fresh' && mode !== null
  const paint = isTold ? paintOf(mode, blendTo) : 'lost'
  const hasControlBar = mayMove || trust.kind !== 'fresh' || (screenId === 'operate' && hasRig)
  if (isOpening) return <div className="opening">{t.connecting}</div>
  return (
    <div
      lang={language}
      data-paint={hasControlBar ? paint : 'idle'}
      {...(isTold && isAlarm(mode) ? { 'data-alarm': '' } : {})}
    >
      {hasControlBar && <div className="edge" />}
      <div className={hasControlBar ? 'app' : 'app app-desk'}>
        {hasControlBar ? <ControlBar /> : <span />}
        <Rail screens={screens} />
        <main className="main">
          {screen !== undefined && (
            <ScreenGuard key={screen.id}>
              <Suspense fallback={<div className="loading">{t.loading}</div>}>
                <screen.Screen />
              </Suspense>
            </ScreenGuard>
          )}
          <KeyList />
        </main>
        <StatusBar isQuiet={!hasControlBar} />
      </div>
    </div>
  )
}
