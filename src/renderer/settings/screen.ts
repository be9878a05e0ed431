/** Settings, as the frame lists it. */
import { lazyScreen, type ScreenDefinition } from '../app/screen-definition.ts'
import { SettingsIcon } from '../ui/icons.tsx'

export const screen: ScreenDefinition = {
  id: 'settings',
  titleKey: 'settings',
  icon: SettingsIcon,
  Screen: lazyScreen(async () => (await import('./settings-screen.tsx')).SettingsScreen),
}
