/** Dark or light on the root element: as chosen, else as the system is. Language is set beside it, for fonts and readers. */
import { resolveLanguage } from '../i18n/language.tsx'
import type { LiveStore } from './live-state.ts'

export function followTheme(live: LiveStore): void {
  const system = window.matchMedia('(prefers-color-scheme: light)')
  const apply = (): void => {
    const { settings } = live.getState()
    const theme = settings?.theme ?? 'system'
    const isLight = theme === 'light' || (theme === 'system' && system.matches)
    document.documentElement.dataset['theme'] = isLight ? 'light' : 'dark'
    document.documentElement.lang = resolveLanguage(settings?.language ?? 'system', navigator.languages)
  }
  system.addEventListener('change', apply)
  live.subscribe(apply)
  apply()
}
