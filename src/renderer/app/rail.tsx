/** The screens that exist, as the rail at the left. */
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { useApp, useUi } from './app-context.tsx'
import { frameMessages } from './messages.ts'
import type { ScreenDefinition } from './screen-definition.ts'

export function Rail({ screens }: { screens: readonly ScreenDefinition[] }): ReactNode {
  const t = useMessages(frameMessages)
  const app = useApp()
  const current = useUi((ui) => ui.screen)
  const item = ({ id, titleKey, icon: Icon }: ScreenDefinition): ReactNode => (
    <button
      key={id}
      type="button"
      className="rail-item"
      aria-current={id === current ? 'page' : undefined}
      data-testid={`rail-${id}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => app.ui.setState({ screen: id, lentRegion: null, isKeyListShown: false })}
    >
      <Icon aria-hidden="true" />
      {t[titleKey]}
    </button>
  )
  return (
    <nav className="rail" aria-label={t.screens} data-region="rail">
      {screens.filter((screen) => screen.id !== 'settings').map(item)}
      <span className="spring" />
      {screens.filter((screen) => screen.id === 'settings').map(item)}
    </nav>
  )
}
