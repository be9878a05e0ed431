/** Commands that exist on every screen: go to a screen, list the keys, lend Tab to a region, sound. */
import type { Command } from '../keys/command.ts'
import type { App } from './create-app.ts'
import type { FrameText } from './messages.ts'
import type { ScreenDefinition } from './screen-definition.ts'
import { screenIds } from './ui-state.ts'

/** Focuses the first control of the next region and lends it Tab, Enter and Space; after the last one nothing is lent. */
function moveRegion(app: App, step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  const at = regions.findIndex((region) => region.dataset['region'] === app.ui.getState().lentRegion)
  const next = regions[at === -1 && step === -1 ? regions.length - 1 : at + step]
  const control = next?.querySelector<HTMLElement>('button:not(:disabled), a[href], input, select, textarea')
  app.ui.setState({ lentRegion: next?.dataset['region'] ?? null })
  if (control !== null && control !== undefined) control.focus()
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

export function frameCommands(
  app: App,
  t: FrameText,
  screens: readonly ScreenDefinition[],
): readonly Command[] {
  const commands: Command[] = screens.map((screen) => ({
    id: `frame.${screen.id}`,
    title: t.goTo(t[screen.titleKey]),
    chords: [`Ctrl+${screenIds.indexOf(screen.id) + 1}`],
    press: 'down',
    availability: 'ready',
    isForFields: true,
    run: () => app.ui.setState({ screen: screen.id, lentRegion: null, isKeyListShown: false }),
  }))
  commands.push(
    {
      id: 'frame.keys',
      title: t.allKeys,
      chords: ['?', 'F1'],
      press: 'down',
      availability: 'ready',
      run: () => app.ui.setState((ui) => ({ isKeyListShown: !ui.isKeyListShown })),
    },
    {
      id: 'frame.nextRegion',
      title: t.nextRegion,
      chords: ['F6'],
      press: 'down',
      availability: 'ready',
      isForFields: true,
      run: () => moveRegion(app, 1),
    },
    {
      id: 'frame.previousRegion',
      title: t.previousRegion,
      chords: ['Shift+F6'],
      press: 'down',
      availability: 'ready',
      isForFields: true,
      run: () => moveRegion(app, -1),
    },
    {
      id: 'frame.sound',
      title: t.sound,
      chords: ['Shift+M'],
      press: 'down',
      availability: 'ready',
      run: () =>
        app.act((services) =>
          services.shell.changeSettings({ isSoundOn: app.live.getState().settings?.isSoundOn !== true }),
        ),
    },
  )
  return commands
}
