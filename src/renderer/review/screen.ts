/** Review, as the frame lists it. */
import { lazyScreen, type ScreenDefinition } from '../app/screen-definition.ts'
import { ReviewIcon } from '../ui/icons.tsx'

export const screen: ScreenDefinition = {
  id: 'review',
  titleKey: 'review',
  icon: ReviewIcon,
  Screen: lazyScreen(async () => (await import('./review-screen.tsx')).ReviewScreen),
}
