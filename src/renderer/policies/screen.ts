/** Policies, as the frame lists it. */
import { lazyScreen, type ScreenDefinition } from '../app/screen-definition.ts'
import { PoliciesIcon } from '../ui/icons.tsx'

export const screen: ScreenDefinition = {
  id: 'policies',
  titleKey: 'policies',
  icon: PoliciesIcon,
  Screen: lazyScreen(async () => (await import('./policies-screen.tsx')).PoliciesScreen),
}
