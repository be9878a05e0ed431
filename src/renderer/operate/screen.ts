/** Operate, as the frame lists it. */
import { lazyScreen, type ScreenDefinition } from '../app/screen-definition.ts'
import { ArmIcon } from '../ui/icons.tsx'

export const screen: ScreenDefinition = {
  id: 'operate',
  titleKey: 'operate',
  icon: ArmIcon,
  Screen: lazyScreen(async () => (await import('./operate-screen.tsx')).OperateScreen),
}
