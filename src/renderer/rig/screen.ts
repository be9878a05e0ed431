/** Rig, as the frame lists it. */
import { lazyScreen, type ScreenDefinition } from '../app/screen-definition.ts'
import { RigIcon } from '../ui/icons.tsx'

export const screen: ScreenDefinition = {
  id: 'rig',
  titleKey: 'rig',
  icon: RigIcon,
  Screen: lazyScreen(async () => (await import('./rig-screen.tsx')).RigScreen),
}
